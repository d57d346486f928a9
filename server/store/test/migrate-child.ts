import BetterSqlite3 from 'better-sqlite3';
import { migrate } from '../src/migrate.ts';

// Migrates FILE and kills itself before statement CUT; exits with 0 when there were fewer.
const [file, cut] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: migrate-child FILE CUT');
const database = new BetterSqlite3(file);
database.pragma('journal_mode = WAL');
database.pragma('foreign_keys = OFF');
let left = Number(cut);
migrate(
  {
    types: { octets: 'blob' },
    execute(sql, values) {
      if (--left === 0) process.kill(process.pid, 'SIGKILL');
      database.prepare(sql).run(...values);
    },
    query: (sql, values) => database.prepare<unknown[], never>(sql).all(...values),
    transaction: (work) => database.transaction(work)(),
  },
  1,
);
