/** A number with what is counted, such as `1 prompt` and `1,200 prompts`. */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
