// What `chat-room-server --help` prints. docs/server.md says the same at length.

export const help = `chat-room-server: the server of Chat Room

  chat-room-server [serve] [options]     run the server until SIGTERM or SIGINT
  chat-room-server user add NAME         make an account
  chat-room-server user passwd NAME      set a new password; the account has to sign in again
  chat-room-server user remove NAME      remove an account with its messages and blocks
  chat-room-server user list             print the names of all accounts
  chat-room-server --help | --version

Options of serve
  --host HOST              where to listen (127.0.0.1)
  --port PORT              TCP port, 0 for any free one (8765)
  --data DIR               the data folder (server/ in the person's Chat Room folder)
  --registration WORD      open: anyone may make an account; closed: only "user add" does
                           (open on a loopback address, closed elsewhere)
  --plain                  allow a --host that is not a loopback address, without encryption
  --classic                serve clients that neither keep a connection nor send a token, by their address
  --log-level LEVEL        debug, info, warn or error (info); the log is JSON lines on stderr
  --config FILE            a JSON object with these options, without the dashes

Each option is also an environment variable: CHAT_ROOM_SERVER_LOG_LEVEL for --log-level.
A flag goes before the environment, and that before the config file.

Options of user
  --data DIR               as above; safe beside a running server, which sees it at once
  --password-stdin         read the password from the first line of stdin instead of asking for it

Exit codes: 0 done, 1 failed, 2 not understood. More: docs/server.md
`;
