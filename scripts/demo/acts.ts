import type { TaskSpec } from "@sluice/protocol";
import { VELOCIRAPTOR_LIMITER } from "../../bench/velociraptor-limiter.ts";
import type { Terminal } from "../../packages/cli/src/output/terminal.ts";
import type { AgentProcess } from "./agent-process.ts";
import { type BurstProgress, runBurst } from "./burst.ts";
import { type BurstFigures, figuresOf } from "./burst-figures.ts";
import { LiveBlock } from "./live-block.ts";
import { burstLines, burstSummary, comparison, duration, rowSamples } from "./show.ts";
import type { Stage } from "./stage.ts";
import { runUnbatched, type UnbatchedFigures } from "./unbatched.ts";
import { faultsOfBurst, faultsOfLimits } from "./verdict.ts";

/** Long enough to see that nothing comes beyond the burst; the next token would take 30 s. */
const WATCH_MS = 12_000;
/** Tables are not drawn wider than this where output goes to a file or pipe. */
const MOST_COLUMNS = 110;

/** Name of the agent of the first act, which stays to look around with. */
export const MACHINE = "machine";

/** A demonstration in three acts. Each tells what it does and returns what went wrong, a line each. */
export class Acts {
  readonly #terminal: Terminal;
  readonly #stage: Stage;
  readonly #specs: readonly TaskSpec[];

  constructor(terminal: Terminal, stage: Stage, specs: readonly TaskSpec[]) {
    this.#terminal = terminal;
    this.#stage = stage;
    this.#specs = specs;
  }

  async playAll(): Promise<readonly string[]> {
    const plain = await this.#plainBurst();
    const limited = await this.#limitedBurst();
    const unbatched = await this.#unbatched();
    this.#compare(limited, unbatched);
    return [...plain, ...limited.faults, ...faultsOfLimits(limited.trips, unbatched)];
  }

  async #plainBurst(): Promise<readonly string[]> {
    this.#heading(`1. ${this.#count} collections on this machine, one call each, in a loop`);
    const agent = await this.#stage.startAgent({ name: MACHINE, slots: this.#count });
    const progress = await this.#burst(agent);
    this.#terminal.print("", "  Some of the rows:");
    const width = Math.min(this.#terminal.width, MOST_COLUMNS);
    this.#terminal.print(...rowSamples(progress, width));
    return this.#faults("first burst", figuresOf(progress), await agent.stop());
  }

  async #limitedBurst() {
    this.#heading(
      `2. The same ${this.#count} at an agent that takes ten frames and then one every 30 s`,
      "   (the limiter of Velociraptor's client)",
    );
    const agent = await this.#stage.startAgent({
      name: "limited",
      slots: this.#count,
      limiter: VELOCIRAPTOR_LIMITER,
    });
    const figures = figuresOf(await this.#burst(agent));
    const trips = agent.count("limiter_tripped");
    const faults = this.#faults("limited burst", figures, await agent.stop());
    return { figures, trips, faults };
  }

  async #unbatched(): Promise<UnbatchedFigures> {
    this.#heading(
      `3. The same at such an agent, one frame a task, watched for ${duration(WATCH_MS)}`,
    );
    const block = new LiveBlock(this.#terminal);
    const plan = { limiter: VELOCIRAPTOR_LIMITER, slots: this.#count, watchMs: WATCH_MS };
    const line = (delivered: number, elapsedMs: number) =>
      `  after ${duration(elapsedMs)} the agent has taken ${delivered} of ${this.#count}`;
    const show = (delivered: number, elapsedMs: number) =>
      block.update([line(delivered, elapsedMs)], line(delivered, elapsedMs));
    const figures = await runUnbatched(this.#stage.folder, this.#specs, plan, show);
    block.finish([line(figures.delivered, figures.watchedMs)]);
    return figures;
  }

  async #burst(agent: AgentProcess): Promise<BurstProgress> {
    this.#terminal.print(`   agent ${agent.clientId}, process ${agent.pid}`, "");
    const block = new LiveBlock(this.#terminal);
    const { operator } = this.#stage;
    const progress = await runBurst(operator, agent.clientId, this.#specs, (seen) => {
      const figures = figuresOf(seen);
      block.update(burstLines(figures, this.#count), burstSummary(figures));
    });
    block.finish(burstLines(figuresOf(progress), this.#count));
    return progress;
  }

  #compare(
    { figures, trips }: { readonly figures: BurstFigures; readonly trips: number },
    unbatched: UnbatchedFigures,
  ): void {
    this.#heading(`${this.#count} tasks under this limiter`);
    this.#terminal.print(...comparison(this.#count, unbatched, figures, trips));
  }

  #heading(first: string, ...rest: readonly string[]): void {
    this.#terminal.print("", this.#terminal.colours.bold(first), ...rest);
  }

  #faults(name: string, figures: BurstFigures, exitCode: number | null): readonly string[] {
    return faultsOfBurst({ name, tasks: this.#count }, figures, exitCode);
  }

  get #count(): number {
    return this.#specs.length;
  }
}
