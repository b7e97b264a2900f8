package import ContentAddress
import TransparencyLog

/// Where things are in a store of format 1: pure functions from the store's directory (docs/store-format.md).
package struct StorePaths: Sendable, Hashable {
    /// The format that these paths are of; also SQLite's `user_version` of the index.
    package static let formatVersion = 1

    /// The store's directory.
    package let root: String

    /// The paths of the store in a directory.
    package init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// The SQLite index.
    package var index: String { root + "/bindery.db" }
    /// The directory above ``blobs``.
    package var blobsRoot: String { root + "/blobs" }
    /// The directory of blobs, each named by its digest's digits, as in an OCI image layout.
    package var blobs: String { blobsRoot + "/sha256" }
    /// In-flight writes; whatever is here without a writer is left over from a crash.
    package var staging: String { root + "/staging" }
    /// Bad blobs that were moved out of the way, never deleted.
    package var quarantine: String { root + "/quarantine" }

    /// What audits read of layers, kept to save work; may be removed at any time.
    package var readings: String { root + "/readings" }

    /// Blobs that come in pieces, over several requests of a registry's client.
    var uploads: String { root + "/uploads" }

    /// The log outside of the index: its entries, what they name, its name, and its last signed checkpoint.
    var log: String { root + "/log" }
    /// The 256 entries of a bundle (C2SP tlog-tiles).
    func entries(_ index: Int64) -> String { log + "/" + Tile(level: 0, index: index).entriesPath }
    /// The bundle that isn't whole yet.
    func growingEntries(_ index: Int64) -> String { entries(index) + ".partial" }
    /// What an event names by its digest.
    func logValue(_ digest: Digest) -> String { log + "/values/" + digest.hex }
    var logOrigin: String { log + "/origin" }
    var logCheckpoint: String { log + "/checkpoint" }

    /// What is locked by whoever opens the index for writing.
    var lock: String { root + "/lock" }

    /// Room for a removal and a collection on a full disk.
    package var reserve: String { root + "/reserve" }

    /// The file that holds a blob.
    package func blob(_ digest: Digest) -> String { blobs + "/" + digest.hex }
}
