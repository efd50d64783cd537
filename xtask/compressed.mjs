// The length of a file as it is sent.

import { brotliCompressSync, constants } from "node:zlib";

/** The length of bytes compressed as by a server that takes its time. */
export const compressed = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;
