package import ArtifactStore
import Foundation
package import Glibc
package import OCI
import Release
import Synchronization
import SystemIO

/// A directory for stores and files of one test, removed with its owner; BINDERY_KEEP_TEST_FILES keeps it.
package final class TemporaryStore: Sendable {
    /// The directory.
    package let path: String
    /// How long a store waits for others where a test wants it to get its turn: as busy as a machine may be.
    ///
    /// Not only other stores have it locked: a program that another test starts has all open files until it runs.
    package static let patience = 600.0
    /// The time for all stores in it.
    package let clock: Clock

    /// A new directory; `time` stands still where it is given.
    package init(at time: Timestamp? = nil) throws {
        path = NSTemporaryDirectory() + "/bindery-test-\(UInt64.random(in: .min ... .max))"
        clock = Clock(time)
        try Directory.createWithParents(path)
    }

    deinit {
        guard ProcessInfo.processInfo.environment["BINDERY_KEEP_TEST_FILES"] == nil else { return }
        try? Directory.removeTree(path)
    }

    /// Opens the store of this name, and makes it when it isn't there; `time` stands still for it alone.
    package func open(
        _ name: String = "store",
        durable: Bool = false,
        actor: String = "test",
        at time: Timestamp? = nil
    ) throws -> Store {
        let clock = time.map { Clock($0) } ?? clock
        let options = StoreOptions(
            create: true,
            durable: durable,
            actor: actor,
            now: { clock.now },
            busyTimeout: Self.patience
        )
        return try Store(at: path + "/" + name, options: options)
    }

    /// Writes a file.
    package func file(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws -> String {
        let path = path + "/" + name
        let file = try File.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.setMode(mode)
        return path
    }

    /// Writes a file of text.
    package func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    /// A request for a file in the directory.
    package func request(
        _ path: String,
        _ release: String,
        platform: String?,
        mode: UInt16? = nil
    ) throws -> PutRequest {
        let release = try ReleaseKey(parsing: release)
        return PutRequest(
            source: .path(path),
            name: release.name,
            version: release.version,
            platform: try platform.map { try ArtifactPlatform(parsing: $0) },
            mode: mode
        )
    }

    /// A clock that moves one second at each look, or stands still.
    package final class Clock: Sendable {
        private let milliseconds: Atomic<Int64>
        private let step: Int64

        init(_ time: Timestamp?) {
            milliseconds = Atomic(time?.milliseconds ?? 1_795_509_720_000)
            step = time == nil ? 1000 : 0
        }

        /// The time of this look.
        package var now: Timestamp {
            Timestamp(milliseconds: milliseconds.wrappingAdd(step, ordering: .relaxed).newValue)
        }
    }
}
