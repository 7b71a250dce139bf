/** One internet socket; addresses read `127.0.0.1:80` and `[::1]:80`. */
export type SocketRow = {
  protocol: string;
  local: string;
  remote: string;
  state: string;
  /** Null when the agent may not see whose it is. */
  pid: number | null;
};
