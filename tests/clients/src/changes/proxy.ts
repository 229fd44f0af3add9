// A TCP proxy to the service, whose connections a test breaks.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { serviceUrl } from "../service";

export interface Proxy {
  /** The URL of the service behind the proxy. */
  readonly url: string;
  /** How many connections there have been. */
  connectionCount(): number;
  /** Breaks all connections. New ones are accepted and not answered until `restore`. */
  cut(): void;
  restore(): void;
  /** Lets nothing through any more, in the connections that there are. */
  freeze(): void;
  close(): void;
}

export async function openProxy(): Promise<Proxy> {
  const service = new URL(serviceUrl);
  const open = new Set<Socket>();
  let waiting: Socket[] | undefined;
  let count = 0;

  const track = (socket: Socket, other: () => Socket | undefined) => {
    open.add(socket);
    // A connection that breaks is closed, which ends the other one as well.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      open.delete(socket);
      other()?.destroy();
    });
  };
  const forward = (client: Socket) => {
    if (client.destroyed) return;
    const upstream = connect(Number(service.port), service.hostname);
    track(upstream, () => client);
    client.on("close", () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  };
  const server = createServer((client) => {
    count += 1;
    track(client, () => undefined);
    if (waiting) waiting.push(client);
    else forward(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const url = new URL(service);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = "127.0.0.1";
  const destroyAll = () => open.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    connectionCount: () => count,
    cut() {
      waiting = [];
      destroyAll();
    },
    freeze() {
      open.forEach((socket) => socket.unpipe().pause());
    },
    restore() {
      const clients = waiting ?? [];
      waiting = undefined;
      clients.forEach(forward);
    },
    close() {
      server.close();
      destroyAll();
    },
  };
}
