import ArgumentParser
import ArtifactStore
import CBuildVersion
import ContentAddress
import Glibc
import OCI
import Printable
import Publishing
import RegistryClient
import Shapes
import SystemIO

struct WatchCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Reads the places again that releases and images were published to.",
        discussion: """
            Each place is read: where its name leads to, every blob or file, and the signatures and attestations that \
            the store has. It holds what was published (same), something else or nothing (drift), or can't be read \
            (outage). Without --once it goes on, after each pause of --every, until it is stopped; a blob of a registry, or a \
            file at an address whose size and entity tag haven't changed, is then read again after --reread alone.

            The exit status is 1 where a place drifted, else 6 where one couldn't be read.

            Examples:
              bindery watch --once
              bindery watch agent@1.2.3 --once --sarif drift.sarif
              bindery watch --every 15m --webhook https://chat.example/hook
              bindery watch --list
            """
    )

    @Argument(
        help: "Only the places of these releases and images.",
        completion: Completions.releasesAndImages
    )
    var subjects: [String] = []

    @Flag(help: "Look once, and end.")
    var once = false

    @Flag(help: "List the places, with what the last look found, and read none.")
    var list = false

    @Option(
        help: ArgumentHelp("How long to wait before the next look (1h by default).", valueName: "duration"),
        transform: Arguments.duration
    )
    var every: DurationOption?

    @Option(
        help: ArgumentHelp(
            "How long what was read of registries and addresses counts for the next looks (24h by default); 0 reads all of it at each.",
            valueName: "duration"
        ),
        transform: Arguments.duration
    )
    var reread: DurationOption?

    @Option(
        help: ArgumentHelp(
            "Send a JSON document to this address by POST when places are found in another state than before.",
            valueName: "url"
        )
    )
    var webhook: String?

    @Option(help: ArgumentHelp("Write what was found as SARIF 2.1.0.", valueName: "file"), completion: .file())
    var sarif: String?

    @Option(
        help: ArgumentHelp(
            "Send the header fields in this file, one 'Name: value' a line, to https places and the webhook.",
            valueName: "file"
        ),
        completion: .file()
    )
    var headerFile: String?

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(!(once && every != nil), "--once and --every exclude each other")
            complaints.require(!(once && reread != nil), "--once reads everything: it goes without --reread")
            let reads = once || every != nil || reread != nil || webhook != nil || sarif != nil || headerFile != nil
            complaints.require(!(list && reads), "--list reads no place: it goes with none of the other options")
            complaints.require(
                every.map { $0.milliseconds >= 1000 } ?? true,
                "--every is a second or more"
            )
            complaints.require(once || sarif == nil, "--sarif goes with --once")
        }
    }

    func run() throws {
        if list { return try printList() }
        var places = OutputPlaces()
        places.add("--sarif", file: sarif)
        places.addInputs(headerFile, registry.tlsCa)
        try places.take(json: options.json, store: options.path)
        let web = try registry.web(HeaderFile.fields(headerFile))
        if let webhook { try web.check(webhook) }
        let reads = once ? nil : RecentReads(for: reread?.milliseconds ?? 86_400_000) { StoreOptionGroup.now }
        while true {
            let findings = try look(web, reads)
            try print(findings)
            if once {
                let states = Set(findings.map(\.state))
                if states.contains(.drift) { throw ExitStatus.no }
                if states.contains(.outage) { throw ExitStatus.environment }
                return
            }
            // Whoever reads what it prints waits for each look.
            try Output.finish()
            sleep(UInt32(clamping: (every?.milliseconds ?? 3_600_000) / 1000))
        }
    }

    private func places(in store: Store) throws -> [PublishedPlace] {
        guard !subjects.isEmpty else { return try store.publishedPlaces() }
        return try subjects.flatMap { subject in
            let found = try store.publishedPlaces(of: subject)
            guard !found.isEmpty else {
                throw StoreError.notFound(
                    what: "a place that \(printable(subject, limit: 200)) was published to",
                    hint: "run `bindery watch --list` to list the places"
                )
            }
            return found
        }
    }

    private func look(_ web: WebFiles, _ reads: RecentReads?) throws -> [PlaceReader.Finding] {
        let store = try options.open(for: .recording)
        let reader = PlaceReader(store: store, registries: registry.access, web: web, reads: reads)
        let findings = try places(in: store).map { place in
            let progress = Progress("reading \(place.place)", total: nil)
            defer { progress.finish() }
            return reader.read(place)
        }
        let changed = findings.filter { $0.place.lastCheck?.state ?? .same != $0.state }
        if store.isWritable { try store.record(findings.map { ($0.place, $0.state) }) }
        if let webhook, !changed.isEmpty {
            do {
                try web.post(try CanonicalJSON.encode(["places": changed.map(Self.shape)]), to: webhook)
            } catch {
                Output.warning("the webhook was not told: \(message: "\(error)")")
            }
        }
        return findings
    }

    private func print(_ findings: [PlaceReader.Finding]) throws {
        if let sarif {
            let version = String(cString: build_version())
            let document = CanonicalJSON.encode(PlaceReport.sarif(findings, toolVersion: version))
            try Output.write(String(decoding: document, as: UTF8.self), to: sarif)
        }
        if options.json { return try Output.json(["places": findings.map(Self.shape)]) }
        guard !findings.isEmpty else { return Output.note("nothing was published yet: `bindery publish` does") }
        var table = Table([("STATE", .left), ("WHAT", .path), ("PLACE", .path)], leftOut: [])
        for finding in findings { table.add(finding.state.rawValue, finding.place.subject, finding.place.place) }
        table.print()
        for finding in findings {
            for reason in finding.reasons {
                Output.line("\(message: finding.state.rawValue): \(message: finding.place.place): \(message: reason)")
            }
        }
    }

    private static func shape(_ finding: PlaceReader.Finding) -> PublishedPlaceShape {
        PublishedPlaceShape(finding.place, state: finding.state, reasons: finding.reasons)
    }

    private func printList() throws {
        let places = try places(in: options.openForReading())
        if options.json { return try Output.json(["places": places.map { PublishedPlaceShape($0) }]) }
        guard !places.isEmpty else { return Output.note("nothing was published yet: `bindery publish` does") }
        var table = Table(
            [
                ("WHAT", .path), ("PLACE", .path), ("STATE", .left), ("READ", .left), ("PUBLISHED", .left),
                ("BY", .left),
            ],
            leftOut: ["BY", "PUBLISHED", "READ"]
        )
        for place in places {
            table.add(
                place.subject,
                place.place,
                place.lastCheck?.state.rawValue ?? "",
                place.lastCheck?.at.shown ?? "",
                place.publishedAt,
                place.publishedBy
            )
        }
        table.print()
    }
}
