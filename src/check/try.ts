import { DuckDBInstance } from "@duckdb/node-api";
let t=performance.now();
const lap=(s:string)=>{console.log(s,Math.round(performance.now()-t));t=performance.now()};
const i=await DuckDBInstance.create(":memory:",{threads:"2"});
const c=await i.connect();
lap("start");
const r=await c.runAndReadAll("select version() v, name, value from duckdb_settings() where name like '%extension%' or name like '%external%' or name like 'memory%' or name like '%lock%' or name like 'allowed%'");
console.log(r.getRowObjects().map(x=>`${x['v']} ${x['name']}=${x['value']}`).join("\n"));
lap("q");
