/** The places that the window does not open with, read together soon after it has: so they are smaller than one by one. */
export { AccessPlace } from "./access/AccessPlace";
export { BooksPlace } from "./books/BooksPlace";
export { DeadlinesPlace } from "./deadlines/DeadlinesPlace";
export { HistoryPlace } from "./history/HistoryPlace";
export { Lock } from "../frame/Lock";
export { SettingsPlace } from "./settings/SettingsPlace";
