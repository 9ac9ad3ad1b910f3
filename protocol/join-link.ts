// The link that gives somebody a server's address, and an invitation, by one click.

/** Opens VS Code and fills in everything but name and password. */
export function joinLink(address: string, invite: string): string {
  const query = `server=${encodeURIComponent(address)}&invite=${encodeURIComponent(invite)}`;
  return `vscode://chat-room.chat-room/join?${query}`;
}
