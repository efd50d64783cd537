// The packages are in folders above, which a project of its own has not.

import { fileURLToPath } from "node:url";

export default { turbopack: { root: fileURLToPath(new URL("../..", import.meta.url)) } };
