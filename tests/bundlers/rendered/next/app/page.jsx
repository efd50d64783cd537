import { connection } from "next/server";
import { Quiz } from "./quiz";

export default async function Page() {
  // The nonce differs from request to request.
  await connection();
  return <Quiz />;
}
