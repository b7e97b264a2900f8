import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MountMonitor

/// Configurations in use, as `Peers/migration.py` has them, with what the original program made of each.
///
/// The scenario monitor-migration runs the program itself on the same cases.
@Suite struct MigrationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let record: JSON

        func text(_ name: String) -> String? { if case .string(let text)? = record[name] { text } else { nil } }

        var servesThere: Bool { record["there"]?["serves"] == .bool(true) }
        var servesHere: Bool { text("here").map { $0 == "serves" } ?? servesThere }
        var testDescription: String { "\(text("kind") ?? ""): \(text("name") ?? "")" }
    }

    static let cases: [Case] = {
        let text = (try? String(contentsOfFile: Peers.directory + "/migration.jsonl", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            (try? JSONTests.parse(String(line))).map { Case(record: $0) }
        }
    }()

    @Test func thereAreEnoughOfEachKind() {
        let kinds = Dictionary(grouping: MigrationTests.cases) { $0.text("kind") ?? "" }.mapValues(\.count)
        #expect(
            MigrationTests.cases.count >= 600 && kinds.count == 5 && kinds.values.allSatisfy { $0 >= 5 },
            "\(kinds)"
        )
    }

    @Test(
        "what serves there serves here, with the same meaning",
        arguments: cases.filter { $0.text("kind") != "account" }
    )
    func means(this: Case) throws {
        try withTemporaryDirectory { directory in
            func place(_ text: String) -> String { text.replacingOccurrences(of: "{dir}", with: directory) }
            try Shell.run("mkdir mount other; touch {mount,other}/.health-check", in: directory)
            if let text = this.text("file") {
                try Data(place(text).utf8).write(to: URL(fileURLWithPath: directory + "/config.json"))
            }
            if let setup = this.text("setup") { try Shell.run(place(setup), in: directory) }
            guard case .array(let words)? = this.record["args"] else { return #expect(Bool(false), "no arguments") }
            let arguments = words.map { if case .string(let word) = $0 { place(word) } else { "" } }
            let lines = try? run(arguments, in: directory)
            #expect((lines != nil) == this.servesHere)
            guard let lines, this.servesThere, let there = this.record["there"], lines.count > 1 else { return }
            if case .object(let settings)? = there["settings"] {
                for setting in settings {
                    #expect(lines[1][setting.name].map(MigrationTests.plain) == MigrationTests.plain(setting.value))
                }
            }
            // A higher log level leaves the lines out there.
            guard case .array(let mounts)? = there["mounts"], !mounts.isEmpty else { return }
            #expect(lines.count == mounts.count + 2)
            for (line, mount) in zip(lines.dropFirst(2), mounts) {
                guard case .object(let members) = mount else { continue }
                for member in members {
                    #expect(line[member.name].map(MigrationTests.plain) == place(MigrationTests.plain(member.value)))
                }
            }
        }
    }

    private static func plain(_ value: JSON) -> String {
        if case .string(let text) = value { text } else { value.text }
    }

    /// What would be logged at the start; none for an init container, which fails where its mounts do.
    private func run(_ words: [String], in directory: String) throws -> [JSON] {
        var arguments = try Arguments(parsing: words)
        if arguments.mode == .help { return [] }
        let file = arguments.source.file ?? "config.json"
        arguments.source.file = file.hasPrefix("/") ? file : directory + "/" + file
        let loaded = try arguments.source.load()
        let logs = LogCollector()
        let logger = logs.logger(.system)
        if arguments.mode == .initContainer {
            guard InitContainer.allPass(loaded.configuration, logger: logger) else { throw CancellationError() }
            return []
        }
        loaded.configuration.log(to: logger, source: loaded.file)
        logger.flush(within: .seconds(600))
        return logs.records
    }

    @Test func anAccountThatDeletesThePodThereDeletesItHere() throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        try withTemporaryDirectory { directory in
            let cluster = try FakeCluster(in: directory, names: "IP:127.0.0.1,DNS:localhost")
            defer { cluster.stop() }
            try cluster.write("cluster", "")
            for this in MigrationTests.cases where this.text("kind") == "account" {
                let copy = "rm -rf case deletions; mkdir -p case/account; cp ca.crt token namespace case/account"
                try Shell.run(copy, in: directory)
                try Shell.run(this.text("setup") ?? "false", in: directory + "/case")
                let outcome = Result { try deletion(this, in: directory + "/case/account", cluster.port, group) }
                #expect(((try? outcome.get()) == true) == this.servesHere, "\(this): \(outcome)")
            }
        }
    }

    /// Whether the pod is there and gets deleted, as the watchdog does it.
    private func deletion(
        _ this: Case,
        in directory: String,
        _ port: Int,
        _ group: MultiThreadedEventLoopGroup
    ) throws -> Bool {
        let account = ServiceAccount(directory: directory)
        guard account.isPresent else { return false }
        let place = try ClusterPlace(account: account) { name in
            guard case .string(let value)? = this.record["env"]?[name] else { return nil }
            return value.replacingOccurrences(of: "{port}", with: "\(port)")
        }
        let client = KubernetesClient(place: place, account: account, version: "1.2.3", loop: group.next())
        guard try client.isAllowed(.deletePod).wait(), case .present = try client.lookUpPod().wait() else {
            return false
        }
        return try client.deletePod(uid: nil, gracePeriod: nil).wait() == .accepted(status: 200)
    }

    /// The page's table is made from the cases: WRITE_DOCS=1 writes it.
    @Test func thePagesTableIsThatOfTheCases() throws {
        let path = URL(fileURLWithPath: Peers.directory).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/mount-monitor-migration.md")
        let page = try String(contentsOf: path, encoding: .utf8)
        let (start, end) = ("<!-- The table is made from the cases of the tests. -->\n", "<!-- The table's end. -->")
        let head = try #require(page.range(of: start))
        let tail = try #require(page.range(of: end))
        let table = MigrationTests.table
        if ProcessInfo.processInfo.environment["WRITE_DOCS"] == "1" {
            let written = page[..<head.upperBound] + "\n" + table + "\n" + page[tail.lowerBound...]
            try written.write(to: path, atomically: true, encoding: .utf8)
        } else {
            #expect(page[head.upperBound..<tail.lowerBound] == "\n" + table + "\n", "WRITE_DOCS=1 writes the table")
        }
    }

    private static var table: String {
        var rows = "| kind | what | there | here |\n|---|---|---|---|\n"
        for this in cases {
            let there = this.servesThere ? "serves" : "refuses"
            let here = this.servesHere ? "serves" : "refuses"
            let why = this.text("why").map { ": \($0)" } ?? ""
            let cell = there == here ? here : "**\(here)**\(why)"
            rows += "| \(this.text("kind") ?? "") | \(this.text("name") ?? "") | \(there) | \(cell) |\n"
        }
        return rows
    }
}
