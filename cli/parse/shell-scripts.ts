// The completion scripts for shells. Each asks `chat-room completion words -- WORD…` for candidates, so an update needs no
// new installation. The answer has one candidate per line, with its description after a tab; or it is `:files`.
// Hand-written, because no library fits: `@bomb.sh/tab` cannot complete files and is 10 KB packed; `tabtab` brings a
// library of prompts, and `omelette` has no types.

import type { shells } from "./command-table.ts";

/** Alone on a line, in place of candidates. */
export const filesMark = ":files";

// In readline a word also ends at @, = and :, and only the part after it is inserted.
const bash = `_chat_room() {
  local line file typed start words
  read -ra words <<< "\${COMP_LINE:0:COMP_POINT}x"
  typed=\${words[\${#words[@]} - 1]%x}
  words[\${#words[@]} - 1]=$typed
  start=\${typed%"\${typed##*[@=:]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    if [[ $line == ${filesMark} ]]; then
      compopt -o filenames 2> /dev/null
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$typed")
    else
      COMPREPLY+=("\${line#"$start"}")
    fi
  done < <(chat-room completion words -- "\${words[@]:1}" 2> /dev/null)
}
complete -F _chat_room chat-room
`;

const zsh = `#compdef chat-room
_chat_room() {
  local line
  local -a values shown
  for line in "\${(@f)$(chat-room completion words -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    if [[ $line == ${filesMark} ]]; then
      _files
      return
    fi
    [[ -n $line ]] || continue
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  compadd -l -d shown -a values
}
if [[ $funcstack[1] == _chat_room ]]; then _chat_room "$@"; else compdef _chat_room chat-room; fi
`;

const fish = `function __chat_room_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (chat-room completion words -- $words[2..-1] 2> /dev/null)
  if test "$found[1]" = ${filesMark}
    __fish_complete_path (commandline -ct)
  else if test (count $found) -gt 0
    printf '%s\\n' $found
  end
end
complete -c chat-room -f -a '(__chat_room_complete)'
`;

export const scripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish };
