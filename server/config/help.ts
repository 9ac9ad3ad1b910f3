// The text of `chat-room-server --help`. docs/server.md says the same in detail.

export const help = `chat-room-server: the server of Chat Room

  chat-room-server [serve] [options]     run the server until SIGTERM or SIGINT
  chat-room-server user add NAME         make an account
  chat-room-server user passwd NAME      set a new password; the account has to sign in again
  chat-room-server user remove NAME      remove an account with its messages and blocks
  chat-room-server user list             print the names of all accounts
  chat-room-server backup FILE           copy the database to a new file, also while the server runs
  chat-room-server invite create         make an invitation, and show it with its join link
  chat-room-server invite list           print what is left of all invitations
  chat-room-server invite revoke CODE    end an invitation, by its code or its id in the list
  chat-room-server --help | -h | help | --version

Options of serve
  --host HOST              where to listen (127.0.0.1)
  --port PORT              TCP port, 0 for any free one (8765)
  --data DIR               the data folder (server/ in the person's Chat Room folder)
  --registration WORD      who may make an account; open: anyone; invite: who has an invitation; closed:
                           only "user add" does (open on a loopback address, invite elsewhere)
  --members-invite=false   only "invite create" makes invitations; members make none
  --password-cost M,P      Argon2id with M MiB and P passes, for passwords from now on (46,1)
  --rate N                 requests per second and session before it is read more slowly; 0: any (20)
  --connections N          open connections per address on which nobody signed in; 0: any (512)
  --connections-per-minute N  new ones per minute and address on which nobody signed in; 0: any (1024)
  --limit-loopback         count connections from loopback addresses too
  --trust-loopback=false   loopback addresses are like any other: behind a tunnel or a proxy on this machine
  --proxies ADDR[,ADDR]    addresses or networks whose connections begin with a PROXY header (version 2) that
                           says whose they are
  --tls-cert FILE          PEM: the server's certificate, and a chain behind it; read again on SIGHUP
  --tls-key FILE           PEM: its key (without both, the server makes a key of its own in the data folder)
  --plain                  take plain JSON not only from loopback addresses: passwords in the clear
  --classic                serve clients that neither keep a connection nor send a token, by their address
  --metrics-port PORT      GET /metrics and /healthz over HTTP, 0 for any free port (none)
  --metrics-host HOST      where these listen (127.0.0.1)
  --log-level LEVEL        debug, info, warn or error (info); the log is JSON lines on stderr
  --config FILE            a JSON object with these options, without the dashes

Each option is also an environment variable: CHAT_ROOM_SERVER_LOG_LEVEL for --log-level.
A flag goes before the environment, and that before the config file.

Options of user and invite
  --data DIR               as above; a server that runs on it does the work, and its people see it at once
  --password-cost M,P      user: as above, if no server runs
  --uses N                 invite create: for so many accounts (1)
  --expires TIME           invite create: 30m, 12h, 7d or never (7d)
  --server ADDRESS         invite create: the chat:// address in the link (where the server listened last)
  --password-stdin         user: read the password from the first line of stdin instead of asking for it

Exit codes: 0 done, 1 failed, 2 not understood, 3 failed until it is mended. More: docs/server.md
`;
