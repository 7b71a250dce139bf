import type { Refusal } from "../../durable-objects/client/rpc.ts";
import type { KeyRole } from "../../durable-objects/registry/rpc.ts";
import type { ConnectingClient, Connects, Operator } from "./authenticate.ts";
import type { Outcome } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";
import type { BodyRule } from "./screen.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Who a call is from, by the kind of caller that its route is for. */
export interface Callers {
  /** No key is asked for; the route itself may ask for one in the body. */
  readonly anyone: null;
  /** The platform's admin, with the deployment's own secret. */
  readonly admin: null;
  readonly operator: Operator;
  readonly client: ConnectingClient;
}

/** A request that passed everything the front checks for its route. */
export interface Call<Kind extends keyof Callers> {
  readonly request: Request;
  readonly params: { readonly [name: string]: string };
  readonly caller: Callers[Kind];
  /** The body's text; empty where the route takes none. */
  readonly body: string;
  readonly context: RequestContext;
}

/** Answers a call, or says why not. */
export type Handler<Kind extends keyof Callers> = (call: Call<Kind>) => Promise<Outcome<Response>>;

/** Answers a refusal in the words of whoever a route's callers take it for. */
export type RefusalStyle = (refusal: Refusal) => Response;

interface RouteFor<Kind extends keyof Callers> {
  readonly method: Method;
  readonly path: string;
  readonly caller: Kind;
  readonly body: BodyRule;
  readonly handle: Handler<Kind>;
  /** Answers what the front refuses here; without it that is a problem document. */
  readonly refuse?: RefusalStyle;
  /**
   * Called by servers, each for many visitors: the handler counts forgeries against an address, and the
   * front not every call.
   */
  readonly sparesAddress?: boolean;
  /** Whether pages of every origin may call it, see cors.ts. */
  readonly fromPages?: true;
}

interface OperatorRoute extends RouteFor<"operator"> {
  /** The least role of a key that may call it. */
  readonly role: KeyRole;
}

interface ClientRoute extends RouteFor<"client"> {
  /** How a client is connected by it: each has a limit of its own. */
  readonly connects: Connects;
}

/** One line of the route table. */
export type Route = RouteFor<"anyone"> | RouteFor<"admin"> | OperatorRoute | ClientRoute;
