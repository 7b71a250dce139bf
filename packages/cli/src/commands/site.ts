import type { SiteView } from "@sluice/sdk/operator";
import { usageFailure } from "../output/exit-codes.ts";
import { plainJson, plainText } from "../output/plain-text.ts";
import { printList } from "../output/print-list.ts";
import { overlapNote, printSecret } from "../output/print-secret.ts";
import { siteDetails, siteTable } from "../output/registry-tables.ts";
import type { Terminal } from "../output/terminal.ts";
import { type ListLimit, limitOption } from "./list-limit.ts";
import { type Overlap, overlapOption, rotation } from "./overlap.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import { changesDecided, type SiteOptions, siteFields, withSiteFields } from "./site-fields.ts";
import { addEraseTracks, addTracks } from "./site-tracks.ts";
import type { AddCommand } from "./world.ts";

/** `sluice site …`: the web sites that the account protects. */
export const addSite: AddCommand = (program, world) => {
  const group = program
    .command("site")
    .description("sites: create, list, show, update, rotate, delete, and their tracks");
  const kept = [addTracks, addEraseTracks];
  const commands = [addCreate, addList, addShow, addUpdate, addRotate, addDelete, ...kept];
  for (const add of commands) add(group, world);
};

const addCreate: AddCommand = (group, { terminal }) => {
  withSiteFields(withService(group.command("create")))
    .description("make a site; its secret is shown once")
    .argument("<name>", "words by which people know it")
    .action(async (name: string, options: ServiceOptions & SiteOptions) => {
      const { hostnames, ...fields } = siteFields(options);
      if (hostnames === undefined) throw usageFailure("give --hostname");
      const site = { ...fields, name, hostnames };
      const answer = await connectOperator(options).sites.create(site);
      const notes = [`sitekey ${answer.sitekey}`];
      printSecret({ answer, secret: answer.secret, notes }, options.json, terminal);
    });
};

const addList: AddCommand = (group, { terminal }) => {
  withService(group.command("list"))
    .description("list the sites of the account")
    .addOption(limitOption())
    .action(async (options: ServiceOptions & ListLimit) => {
      await printList(connectOperator(options).sites.list(), siteTable, options, terminal);
    });
};

const addShow: AddCommand = (group, { terminal }) => {
  withService(group.command("show"))
    .description("show a site and what is decided of it")
    .argument("<sitekey>", "its public key")
    .action(async (sitekey: string, options: ServiceOptions) => {
      printSite(await connectOperator(options).sites.get(sitekey), options, terminal);
    });
};

const addUpdate: AddCommand = (group, { terminal }) => {
  withSiteFields(withService(group.command("update")))
    .description("change what is given, leave the rest")
    .argument("<sitekey>", "its public key")
    .option("--name <text>", "words by which people know it")
    .action(async (sitekey: string, options: ServiceOptions & SiteOptions & { name?: string }) => {
      const { sites } = connectOperator(options);
      const before = changesDecided(options) ? await sites.get(sitekey) : undefined;
      const { name } = options;
      const changes = { ...siteFields(options, before), ...(name !== undefined && { name }) };
      printSite(await sites.update(sitekey, changes), options, terminal);
    });
};

const addRotate: AddCommand = (group, { terminal }) => {
  withService(group.command("rotate"))
    .description("replace a site's secret; the new one is shown once, the sitekey stays")
    .argument("<sitekey>", "its public key")
    .addOption(overlapOption("two hours"))
    .action(async (sitekey: string, options: ServiceOptions & Overlap) => {
      const answer = await connectOperator(options).sites.rotate(sitekey, rotation(options));
      const notes = [`sitekey ${answer.sitekey}`, overlapNote(answer.oldSecretUntil)];
      printSecret({ answer, secret: answer.secret, notes }, options.json, terminal);
    });
};

const addDelete: AddCommand = (group, { terminal }) => {
  withService(group.command("delete"))
    .description("delete a site; its sitekey and secret open nothing any more")
    .argument("<sitekey>", "its public key")
    .action(async (sitekey: string, options: ServiceOptions) => {
      await connectOperator(options).sites.remove(sitekey);
      terminal.note(`${plainText(sitekey)} deleted`);
    });
};

function printSite(site: SiteView, { json }: ServiceOptions, terminal: Terminal): void {
  terminal.print(...(json ? [plainJson(site, 2)] : siteDetails(site, terminal)));
}
