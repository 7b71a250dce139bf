import { readFile } from "node:fs/promises";
import { type Admin, createAdmin } from "@sluice/sdk/operator";
import type { Command } from "commander";
import { CommandFailure, EXIT_CODES } from "../output/exit-codes.ts";
import { jsonOption, requireUrl, urlOption } from "./service.ts";

/** Options of every command of the service's admin. */
export interface AdminOptions {
  readonly url?: string;
  readonly adminSecretFile?: string;
  readonly json?: boolean;
}

/**
 * Adds the options by which the admin reaches the service. The secret itself is no option: what is typed
 * stays in the shell's history, and others can see a command line.
 */
export function withAdmin(command: Command): Command {
  return command
    .addOption(urlOption())
    .option(
      "--admin-secret-file <path>",
      "file with the admin secret; without it SLUICE_ADMIN_SECRET is taken from the environment",
    )
    .addOption(jsonOption());
}

/** Makes the admin's client. Throws `CommandFailure` when the address or the secret is missing. */
export async function connectAdmin({ url, adminSecretFile }: AdminOptions): Promise<Admin> {
  return createAdmin({ url: requireUrl(url), secret: await requireSecret(adminSecretFile) });
}

async function requireSecret(file: string | undefined): Promise<string> {
  const given = file === undefined ? process.env.SLUICE_ADMIN_SECRET : await readSecret(file);
  const secret = given?.trim();
  if (!secret) {
    throw new CommandFailure(
      EXIT_CODES.auth,
      "set SLUICE_ADMIN_SECRET or give --admin-secret-file",
    );
  }
  // It goes into a header; what cannot is not echoed back.
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new CommandFailure(EXIT_CODES.auth, "the admin secret holds characters that it cannot");
  }
  return secret;
}

async function readSecret(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new CommandFailure(EXIT_CODES.auth, "the file with the admin secret cannot be read");
  }
}
