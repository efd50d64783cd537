// The reader of Parquet files that the deck studio loads, bundled by `cargo xtask studio`.

export { parquetReadObjects } from "hyparquet";
export { compressors } from "hyparquet-compressors";
