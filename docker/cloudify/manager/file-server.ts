import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Trees below `resources` that a snapshot takes along, as the product names them. */
export const snapshotTrees = [
  "blueprints",
  "uploaded-blueprints",
  "deployments",
  "plugins",
  "global-resources",
  "tenant-resources",
] as const;

/** The manager's folder: configuration, the marker of a running restore, and the file server's trees. */
export class FileServer {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get securityConfig(): string {
    return join(this.root, "rest-security.conf");
  }

  /** Present while a restore runs; removed also when it failed. */
  get restoreMarker(): string {
    return join(this.root, "snapshot_status_marker");
  }

  get isRestoring(): boolean {
    return existsSync(this.restoreMarker);
  }

  resource(...path: readonly string[]): string {
    return join(this.root, "resources", ...path);
  }

  blueprint(tenant: string, id: string): string {
    return this.resource("blueprints", tenant, id);
  }

  uploadedBlueprint(tenant: string, id: string): string {
    return this.resource("uploaded-blueprints", tenant, id, `${id}.zip`);
  }

  deployment(tenant: string, id: string): string {
    return this.resource("deployments", tenant, id);
  }

  plugin(id: string, archive: string): string {
    return this.resource("plugins", id, archive);
  }

  snapshot(id: string): string {
    return this.resource("snapshots", id, `${id}.zip`);
  }

  async prepare(): Promise<void> {
    for (const tree of [...snapshotTrees, "snapshots"])
      await mkdir(this.resource(tree), { recursive: true, mode: 0o750 });
  }

  async write(path: string, content: Uint8Array | string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  async remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
  }
}
