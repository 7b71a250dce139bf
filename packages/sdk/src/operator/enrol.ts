import type { ClientFacts } from "@sluice/protocol";
import { answerWith } from "./answers.ts";
import { HttpCaller, type HttpOptions } from "./http.ts";

/** What a machine says when it enrols. */
export interface EnrolOptions extends Omit<HttpOptions, "key"> {
  /** An enrolment token. */
  readonly token: string;
  readonly name: string;
  readonly labels?: readonly string[];
  readonly facts?: ClientFacts;
  readonly signal?: AbortSignal;
}

/** A machine's identity. The token is shown once; keep it where only the client can read it. */
export interface Enrolled {
  readonly clientId: string;
  readonly token: string;
}

/**
 * Makes this machine a client of the account whose enrolment token it has. Not repeated after a lost
 * answer, for each call makes a client. Throws `SluiceError`.
 */
export async function enrolClient({
  token,
  name,
  labels = [],
  facts = {},
  signal,
  ...http
}: EnrolOptions): Promise<Enrolled> {
  const answer = await new HttpCaller(http).call({
    method: "POST",
    path: "/v1/enrol",
    body: JSON.stringify({ token, name, labels, facts }),
    repeatable: false,
    signal,
  });
  return answerWith<Enrolled>(answer, "clientId", "token");
}
