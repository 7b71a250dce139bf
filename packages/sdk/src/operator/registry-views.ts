/** What an operator key may do: everything in its account; everything with clients and tasks; look. */
export type KeyRole = "admin" | "operator" | "viewer";

/** What a visitor is asked for: a proof of work alone, a slider when in doubt, or always a slider. */
export type SiteMode = "invisible" | "managed" | "slider";

/** How hard a site's proof of work starts, and whether a pass may become a client's token. */
export interface SitePolicy {
  readonly difficulty: "low" | "normal" | "high";
  readonly enrols: boolean;
}

/** What is kept of a site's visitors' movements, for training the score on them. */
export interface Recording {
  /** Whose movements come through the site, as its owner knows. */
  readonly label: "human" | "script";
  /** How the training is to name the site; null for its id. */
  readonly source: string | null;
  /** Of a hundred movements that are judged, how many are kept. */
  readonly sharePercent: number;
  readonly days: number;
}

/** A recording to be: 10 of 100 for 30 days, if not said otherwise. */
export type NewRecording = Pick<Recording, "label"> & Partial<Recording>;

/** A movement that was kept, in the form that the training reads. */
export interface RecordedTrack {
  readonly id: string;
  readonly src: string;
  /** 1 for people, 0 for scripts. */
  readonly label: 0 | 1;
  readonly family: string;
  /** How it was judged. */
  readonly verdict: "pass" | "retry" | "refuse";
  readonly score: number;
  readonly reasons: readonly string[];
  /** CSS pixels and milliseconds from the first point. */
  readonly pts: readonly (readonly [x: number, y: number, t: number])[];
}

/** What an account may use. */
export interface AccountLimits {
  readonly requestsPerMinute: number;
  readonly requestsInFlight: number;
  readonly clients: number;
  readonly sites: number;
  readonly keys: number;
  readonly enrolmentTokens: number;
}

/** A line of the list of accounts. Times here and below are ISO 8601. */
export interface AccountSummary {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** Null for an account that may act. */
  readonly suspendedAt: string | null;
}

export interface AccountView extends AccountSummary {
  readonly limits: AccountLimits;
}

interface RevocableView {
  readonly id: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
  /** Until when the secret before the newest still opens; null when there is none. */
  readonly oldSecretUntil: string | null;
}

export interface OperatorKeyView extends RevocableView {
  readonly label: string;
  readonly role: KeyRole;
}

export interface EnrolmentTokenView extends RevocableView {
  readonly label: string;
  /** Given to every client that enrols with it. */
  readonly labels: readonly string[];
  /** How many clients may enrol with it; null for any number. */
  readonly uses: number | null;
  readonly expiresAt: string;
}

/** What a site's owner decides of it. */
export interface SiteFields {
  readonly name: string;
  /** Lower case; `*.` at the start stands for all hosts under one. */
  readonly hostnames: readonly string[];
  readonly mode: SiteMode;
  /** Score from 0 (script) to 1 (person) that a pass needs. */
  readonly threshold: number;
  readonly policy: SitePolicy;
  /** Null while nothing is kept. */
  readonly recording: Recording | null;
}

/** What of a site is to be otherwise; a recording of null erases what it kept. */
export type SiteChanges = Partial<Omit<SiteFields, "recording">> & {
  readonly recording?: NewRecording | null;
};

export interface SiteView extends RevocableView, SiteFields {
  /** The public key, as pages carry it. */
  readonly sitekey: string;
}

/** A key with its text, which this answer alone shows. */
export type IssuedKey = OperatorKeyView & { readonly key: string };
/** A token with its text, which this answer alone shows. */
export type IssuedToken = EnrolmentTokenView & { readonly token: string };
/** A site with its secret, which this answer alone shows. */
export type IssuedSite = SiteView & { readonly secret: string };

/** A client's new token, which this answer alone shows. */
export interface IssuedClientToken {
  readonly clientId: string;
  readonly token: string;
  /** Until when the old token still opens; null when it does not. */
  readonly oldTokenUntil: string | null;
}

/** One line of the audit log: who changed what. */
export interface AuditEntry {
  readonly at: string;
  /** `admin`, `system`, or `key:` and the id of a key. */
  readonly by: string;
  readonly action: "created" | "updated" | "rotated" | "revoked" | "deleted";
  readonly target: {
    readonly kind: "account" | "operator" | "enrolment" | "site";
    readonly id: string;
  };
  /** Names of the fields that were changed; never their values. */
  readonly fields: readonly string[];
}
