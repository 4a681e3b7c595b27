// ./dev bench [vm|http|fanout|start|store|dev]..: the tables of this machine, all when none is named.
import { bench_dev } from "./dev.mjs";
import { bench_fanout } from "./fanout.mjs";
import { bench_http } from "./http.mjs";
import { bench_start } from "./start.mjs";
import { bench_store } from "./store.mjs";
import { bench_vm } from "./vm.mjs";

const benches = {
  vm: bench_vm,
  http: bench_http,
  fanout: bench_fanout,
  start: bench_start,
  store: bench_store,
  dev: bench_dev,
};
const wanted = process.argv.slice(2);
for (const name of wanted)
  if (!(name in benches)) {
    console.error(`there is no bench '${name}'; there are ${Object.keys(benches).join(", ")}`);
    process.exit(2);
  }
for (const [name, run] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) await run();
