// Prints what each of the files given weighs, in bytes: as it is and after brotli at its best, one file a line.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  console.log(`${bytes.length} ${brotliCompressSync(bytes, { params }).length}`);
}
