// A small wasm module that finds what the machine can do at most, from its text: multiply-adds in eight
// independent sums, as scalars and as vectors of two, and bytes read in a row.

import binaryen from "binaryen";

/** Multiply-adds in a turn of a loop: one for each sum, or two if the sums are vectors. */
export const SUMS = 8;
/** The memory that `stream` reads, in bytes: more than the caches of most processors. */
export const STREAMED = 64 * 2 ** 20;
const PAGE = 65_536;
/** Bytes in a turn of the loop of `stream`. */
const STRIDE = 64;

const each = (count, text) => Array.from({ length: count }, (_, place) => text(place)).join("\n");

const text = `(module
  (memory (export "memory") ${STREAMED / PAGE})
  (func (export "scalar") (param $turns i32) (param $x f64) (result f64)
    ${each(SUMS, (i) => `(local $s${i} f64)`)}
    (loop $turn
      ${each(SUMS, (i) => `(local.set $s${i} (f64.add (f64.mul (local.get $s${i}) (local.get $x)) (local.get $x)))`)}
      (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
    ${sumOf("f64.add")})
  (func (export "vector") (param $turns i32) (param $x f64) (result f64)
    ${each(SUMS, (i) => `(local $s${i} v128)`)} (local $v v128)
    (local.set $v (f64x2.splat (local.get $x)))
    (loop $turn
      ${each(SUMS, (i) => `(local.set $s${i} (f64x2.add (f64x2.mul (local.get $s${i}) (local.get $v)) (local.get $v)))`)}
      (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
    (f64x2.extract_lane 0 ${sumOf("f64x2.add")}))
  (func (export "stream") (result f64)
    (local $at i32) ${each(4, (i) => `(local $s${i} v128)`)}
    (loop $turn
      ${each(4, (i) => `(local.set $s${i} (f64x2.add (local.get $s${i}) (v128.load offset=${16 * i} (local.get $at))))`)}
      (br_if $turn (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const ${STRIDE}))) (i32.const ${STREAMED}))))
    (f64x2.extract_lane 0 ${sumOf("f64x2.add", 4)})))`;

function sumOf(add, count = SUMS) {
  return Array.from({ length: count }, (_, i) => `(local.get $s${i})`).reduce(
    (sum, term) => `(${add} ${sum} ${term})`,
  );
}

/** The module's bytes. */
export function limitsModule() {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.SIMD128);
  if (!module.validate()) throw new Error("the module of the limits is not valid");
  const bytes = module.emitBinary();
  module.dispose();
  return Buffer.from(bytes);
}
