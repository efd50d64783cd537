// Angular's own packages are linked while the page loads: it is a small page.
import "@angular/compiler";
import "./built/app.js";
