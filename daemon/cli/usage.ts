// What `--help` says.

export const usage = `Usage: chat-room COMMAND [options]

Talk from the terminal; the same session, contacts and history as in the editor.

  status                   whether you are signed in, and where
  online                   who is online now
  send NAME [TEXT | -]     send a message; without TEXT, or with -, what is piped in: several lines as a block of code
  broadcast TEXT | -       send to everyone who is online
  tail [NAME]              print messages as they come, until interrupted
  history NAME             print the last messages with somebody
  search TEXT              print messages that hold all the words
  export FILE [NAME]       write the history, or the conversation with NAME, to a new file (- is the standard output)
  import FILE              bring an exported history in; doing it again changes nothing
  delete-conversation NAME delete all messages with NAME on this machine
  block NAME, unblock NAME take no messages from somebody, or take them again
  login                    sign in; asks for what is not given
  logout                   sign out; the history stays
  trust HOST:PORT [PIN]    trust the key of that server, also instead of the one it had before
  connect NAME             ask NAME, and talk directly from daemon to daemon
  disconnect NAME          go through the server again
  address NAME             ask NAME, and show where they can be reached directly
  verify NAME              compare the safety number with NAME; also accept a changed key
  requests                 who asks to talk to you directly
  answer NAME once|always|deny|stop|block
                           give your word on that
  revoke NAME              take an "always" back
  doctor                   what works and what does not, to show to somebody who helps
  stop                     end the daemon

Options
  --json                   for scripts: JSON instead of text (docs/command-line.md)
  --code[=LANGUAGE]        send, broadcast: it is code, in that language; a diff is known by itself
  --text                   send, broadcast: it is prose in Markdown, however many lines it has
  --split                  send, broadcast: what is too long for one message goes as several of whole lines
  --everyone               tail, history, search, export, delete-conversation: what was sent to everyone
  --with NAME              search: only the messages with NAME
  --limit N                history, search: how many messages (default 20, at most 500 and 200)
  --server HOST:PORT       login: the server
  --user NAME              login: the user name
  --pin PIN                login: the key that the server must have, for the first time without a question
  --register               login: make the account first
  --invite CODE            login --register: the invitation
  --as                     import: also the file of another account, as your own
  --yes                    delete-conversation: without a question
  --password-stdin         login: read the password from the standard input
  --wait                   send, broadcast: wait until the message has left this machine; 3 if it has not
  --timeout SECONDS        send, broadcast --wait: for how long (default 30)
  --help, --version

  git diff | chat-room send alice -

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 (--wait) not sent yet.
`;
