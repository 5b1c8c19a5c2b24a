// Lists and calls tools with the official JavaScript SDK; what came back goes to stdout as JSON.
import { pathToFileURL } from "node:url";

const [folder, written] = process.argv.slice(2);
const sdk = (file) => import(pathToFileURL(`${folder}/dist/esm/client/${file}`).href);
const plan = JSON.parse(written);
const { Client } = await sdk("index.js");

async function transport() {
  if (plan.url) {
    const { StreamableHTTPClientTransport } = await sdk("streamableHttp.js");
    const headers = plan.token ? { Authorization: `Bearer ${plan.token}` } : {};
    return new StreamableHTTPClientTransport(new URL(plan.url), { requestInit: { headers } });
  }
  const { StdioClientTransport } = await sdk("stdio.js");
  const { command, args, cwd } = plan;
  return new StdioClientTransport({ command, args, cwd, stderr: "ignore" });
}

const told = { tools: [], answers: [], error: "" };
const client = new Client({ name: "test", version: "1" });
try {
  await client.connect(await transport());
  told.tools = (await client.listTools()).tools;
  for (const call of plan.calls) {
    const { content, isError } = await client.callTool(call);
    told.answers.push({ text: content[0].text, isError: Boolean(isError) });
  }
} catch (error) {
  told.error = String(error);
}
await client.close();
console.log(JSON.stringify(told));
