// The browser that the system has.
import { userInfo } from "node:os";

export const launch = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    // No name leads anywhere: what is not on this machine fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Root has no sandbox.
    ...(userInfo().uid === 0 ? ["--no-sandbox"] : []),
  ],
};

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 360, height: 740 };
export const THEMES = ["light", "dark"];
