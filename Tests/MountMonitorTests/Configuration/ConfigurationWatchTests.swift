import Foundation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct ConfigurationWatchTests {
    private final class Stage: Sendable {
        let notified = Mutex(0)

        /// What was read, once something was; nil after some seconds without.
        func next(
            _ watch: ConfigurationWatch,
            within seconds: Int = 600
        ) -> Result<ConfigurationSource.Loaded, ConfigurationError>? {
            for _ in 0..<(seconds * 50) {
                if let result = watch.take() { return result }
                OperatingSystem.sleep(.milliseconds(20))
            }
            return nil
        }

        /// The paths in the next file that can be read.
        ///
        /// One that is written in its place, or removed first, may be seen in between.
        func nextPaths(_ watch: ConfigurationWatch) -> [String]? {
            while let result = next(watch) {
                if let loaded = try? result.get() { return loaded.configuration.mounts.map(\.path) }
            }
            return nil
        }
    }

    private func withWatch(
        _ script: String,
        follows: Bool = true,
        _ body: (String, ConfigurationWatch, Stage) throws -> Void
    ) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        try withTemporaryDirectory { directory in
            try Shell.run(script, in: directory)
            let source = ConfigurationSource(file: directory + "/config.json")
            let stage = Stage()
            let loaded = try source.load()
            let watch = ConfigurationWatch(source, known: loaded.facts, loop: group.next()) {
                stage.notified.withLock { $0 += 1 }
            }
            watch.follow(follows)
            defer { watch.stop() }
            try body(directory, watch, stage)
        }
    }

    private static let first = #"echo '{"mounts": [{"path": "/a"}]}'"#
    private static let second = #"echo '{"mounts": [{"path": "/other"}]}'"#

    @Test(
        "a change of the file is seen",
        arguments: [
            ("\(first) > config.json", "\(second) > config.json"),
            ("\(first) > config.json", "\(second) > new; mv new config.json"),
            // As a ConfigMap is: config.json leads to ..data/config.json, and ..data is turned to another directory.
            (
                "mkdir ..1 ..2; \(first) > ..1/config.json; \(second) > ..2/config.json; ln -s ..1 ..data; "
                    + "ln -s ..data/config.json config.json",
                "ln -s ..2 ..tmp; mv -T ..tmp ..data"
            ),
        ]
    )
    func changes(before: String, change: String) throws {
        try withWatch(before) { directory, watch, stage in
            try Shell.run(change, in: directory)
            #expect(stage.nextPaths(watch) == ["/other"])
            #expect(stage.next(watch, within: 3) == nil, "once")
        }
    }

    @Test func aBadFileIsAnErrorOnceAndAGoodOneAfterItIsRead() throws {
        try withWatch("\(ConfigurationWatchTests.first) > config.json") { directory, watch, stage in
            try Shell.run("echo '{' > new; mv new config.json", in: directory)
            guard case .failure(let error)? = stage.next(watch) else { return #expect(Bool(false), "it was taken") }
            #expect(error.lines.allSatisfy { $0.hasPrefix(directory + "/config.json: ") })
            #expect(stage.next(watch, within: 3) == nil)
            try Shell.run("rm config.json", in: directory)
            guard case .failure? = stage.next(watch) else { return #expect(Bool(false), "it was taken") }
            try Shell.run("\(ConfigurationWatchTests.second) > config.json", in: directory)
            #expect(stage.nextPaths(watch) == ["/other"])
        }
    }

    @Test(
        "what takes the file's place and is none is an error, and never read",
        arguments: ["mkdir", "mkfifo", "ln -s /dev/zero"]
    )
    func whatIsNoFile(make: String) throws {
        try withWatch("\(ConfigurationWatchTests.first) > config.json") { directory, watch, stage in
            try Shell.run("rm config.json; \(make) config.json", in: directory)
            let reason = directory + "/config.json: is not a regular file"
            var lines: [String] = []
            // The moment without any file may be seen, too.
            while lines != [reason] {
                guard case .failure(let error)? = stage.next(watch) else {
                    return #expect(Bool(false), "nothing was said")
                }
                lines = error.lines
            }
            #expect(stage.next(watch, within: 3) == nil, "once")
            try Shell.run("rm -r config.json; \(ConfigurationWatchTests.second) > config.json", in: directory)
            #expect(stage.nextPaths(watch) == ["/other"])
        }
    }

    @Test func whatIsWrongWithAFileThatWasAskedForIsSaidOnce() throws {
        try withWatch("\(ConfigurationWatchTests.first) > config.json") { directory, watch, stage in
            try Shell.run("echo { > config.json", in: directory)
            watch.readNow()
            guard case .failure? = stage.next(watch) else { return #expect(Bool(false), "nothing was said") }
            #expect(stage.next(watch, within: 3) == nil)
        }
    }

    @Test("reads nothing by itself where it doesn't follow, or no longer", arguments: [false, true])
    func followsNot(followedBefore: Bool) throws {
        let script = "\(ConfigurationWatchTests.first) > config.json"
        try withWatch(script, follows: followedBefore) { directory, watch, stage in
            watch.follow(false)
            try Shell.run("\(ConfigurationWatchTests.second) > config.json", in: directory)
            #expect(stage.next(watch, within: 3) == nil)
            watch.readNow()
            #expect(stage.nextPaths(watch) == ["/other"])
        }
    }
}
