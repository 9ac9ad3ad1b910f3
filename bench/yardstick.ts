// The yardstick: the usual chat server with one socket.write a message.

import { runYardstick } from "./yardsticks/chat-server.ts";

runYardstick("yardstick", (socket) => socket);
