/** Finds out that a socket is dead: a network that goes away closes nothing. */
import type { Client } from "graphql-ws";

/** So long an answer to a ping may take. */
const PONG_MS_MAX = 5_000;

/** Has the client connect again where its socket does not answer; answers the client. */
export function watch(client: Client): Client {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expect = () => {
    clearTimeout(timer);
    timer = setTimeout(() => client.terminate(), PONG_MS_MAX);
  };
  const rest = () => clearTimeout(timer);
  // Whoever comes back to the page, or to a network, need not wait for the next ping.
  const ask = () => {
    if (document.visibilityState === "hidden" || socket?.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: "ping" }));
    expect();
  };
  client.on("connected", (connected) => {
    socket = connected as WebSocket;
  });
  client.on("ping", (received) => {
    if (!received) expect();
  });
  client.on("pong", (received) => {
    if (received) rest();
  });
  client.on("closed", () => {
    socket = undefined;
    rest();
  });
  document.addEventListener("visibilitychange", ask);
  addEventListener("online", ask);
  const dispose = client.dispose.bind(client);
  return {
    ...client,
    dispose: () => {
      rest();
      document.removeEventListener("visibilitychange", ask);
      removeEventListener("online", ask);
      return dispose();
    },
  };
}
