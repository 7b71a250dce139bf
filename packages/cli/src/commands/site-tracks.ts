import { plainJson, plainText } from "../output/plain-text.ts";
import { connectOperator, type ServiceOptions, withService } from "./service.ts";
import type { AddCommand } from "./world.ts";

/** `sluice site tracks SITEKEY`: what is kept of a site for training, a line each. */
export const addTracks: AddCommand = (group, { terminal }) => {
  withService(group.command("tracks"))
    .description("print the movements that are kept for training, as the training reads them")
    .argument("<sitekey>", "its public key")
    .action(async (sitekey: string, options: ServiceOptions) => {
      for await (const track of connectOperator(options).sites.tracks(sitekey)) {
        terminal.print(plainJson(track));
      }
    });
};

/** `sluice site erase-tracks SITEKEY`. */
export const addEraseTracks: AddCommand = (group, { terminal }) => {
  withService(group.command("erase-tracks"))
    .description("erase the movements that are kept for training; recording goes on")
    .argument("<sitekey>", "its public key")
    .action(async (sitekey: string, options: ServiceOptions) => {
      await connectOperator(options).sites.eraseTracks(sitekey);
      terminal.note(`tracks of ${plainText(sitekey)} erased`);
    });
};
