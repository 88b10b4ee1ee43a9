// What people would write in place of dpmeta-http: fastify and pg, prepared statements, two
// processes with a pool of 8 connections each, the same functions of the extension.
import cluster from "node:cluster";
import Fastify from "fastify";
import pg from "pg";

const [port, database] = process.argv.slice(2);
const PROCESSES = 2;
const POOL = 8;

const GET = {
  name: "get",
  text: "SELECT etag, document::text FROM dpmeta.get_data_product($1::text::dpmeta.dpid)",
};
const PUT = {
  name: "put",
  text: `SELECT etag, document::text, replayed FROM dpmeta.update_data_product(
    $1::text::dpmeta.dpid, $2::jsonb, idempotent => true)`,
};
const POST = {
  name: "post",
  text: `SELECT id::text, etag, document::text, replayed
    FROM dpmeta.register_data_product($1::jsonb, idempotent => true)`,
};

async function serve() {
  const pool = new pg.Pool({ connectionString: database, max: POOL });
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));

  async function answer(reply, status, statement, values) {
    const { rows } = await pool.query({ ...statement, values });
    return reply.code(status).type("application/json").header("ETag", `"${rows[0].etag}"`)
      .send(rows[0].document);
  }

  app.get("/v1/data-products/:id", (request, reply) =>
    answer(reply, 200, GET, [request.params.id]));
  app.put("/v1/data-products/:id", (request, reply) =>
    answer(reply, 200, PUT, [request.params.id, request.body]));
  app.post("/v1/data-products", (request, reply) =>
    answer(reply, 201, POST, [request.body]));
  await app.listen({ port: Number(port), host: "127.0.0.1" });
}

if (cluster.isPrimary) {
  for (let i = 0; i < PROCESSES; i++) cluster.fork();
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.kill();
    process.exit(0);
  });
} else {
  await serve();
}
