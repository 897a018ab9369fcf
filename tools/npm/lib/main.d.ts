/** Absolute path of the ocapd program. */
declare const path: string;
export default path;
/** The newest compatibility date this version knows. */
export declare const compatibilityDate: string;
export declare const version: string;
