import { createClient } from "../../packages/sdk/src/index.ts";

const log = document.querySelector("#log");

/** Adds a line for the person who watches. */
function print(text: string): void {
  const line = document.createElement("li");
  line.textContent = text;
  log?.append(line);
}

/** Called by the widget with its pass: the browser becomes a client, and asks to be given a task. */
async function becomeClient(pass: string): Promise<void> {
  const script = document.querySelector<HTMLScriptElement>(`script[src*="/v1/verify/api.js"]`);
  const url = new URL(script?.src ?? location.href).origin;
  print("verified; the pass is exchanged for an identity");
  // Sent as text, which asks for no preflight.
  const answer = await fetch(`${url}/v1/enrol`, { method: "POST", body: JSON.stringify({ pass }) });
  const { clientId, token } = await answer.json();
  if (!answer.ok) return print(`refused: ${answer.status}`);
  const client = createClient({ url, token, agent: "demonstration/1.0" });
  client.handle("page.size", () => {
    print("a task came: page.size");
    return [{ width: innerWidth, height: innerHeight }];
  });
  await client.start();
  print(`connected as ${clientId}`);
  const result = await fetch(`/task?client=${clientId}`, { method: "POST" });
  print(`the operator got ${await result.text()}`);
}

Reflect.set(window, "becomeClient", becomeClient);
