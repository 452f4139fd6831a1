export declare function refuseLinkedFolder(folder: string): void;
