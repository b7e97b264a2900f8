import ArgumentParser
import ContentAddress
import ObjectStorage
import Printable

struct DoctorCommand: BinderyCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what an endpoint of object storage really does.",
        discussion: """
            Writes, reads, lists and removes objects below .bindery-probe/ of the place, with writers that begin together, \
            with wrong checksums and without signatures, and asks for rules that take objects away. Ends with status 1 where \
            blobs can't be kept there. About 200 requests, and 5 MiB.

            Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a web identity, AWS_PROFILE or ~/.aws, or \
            the role of a container or an instance; never from the address. --tls-ca, --insecure and --timeout are for the endpoint.

            Examples:
              bindery doctor --blobs 's3://releases/blobs?region=eu-central-1'
              bindery doctor --blobs 's3://releases?endpoint=http://127.0.0.1:8333'
            """
    )

    @Option(
        help: ArgumentHelp(
            "The place: s3://BUCKET[/PREFIX][?region=…&endpoint=…&style=path|virtual].",
            valueName: "place"
        )
    )
    var blobs: String

    @Option(help: ArgumentHelp("How often writers race for a key (10 by default).", valueName: "count"))
    var rounds = 10

    @OptionGroup var registry: RegistryOptionGroup
    @OptionGroup var output: OutputOptionGroup

    func validate() throws {
        guard !(1...1000).contains(rounds) else { return }
        throw ValidationError("--rounds \(rounds): between 1 and 1000 are expected")
    }

    func run() throws {
        let client = try ObjectStorageClient(ObjectLocation(parsing: blobs), registry.objectStorage)
        let key = try client.credentials()
        let name = Hexadecimal.encode((0..<8).map { _ in UInt8.random(in: .min ... .max) })
        let report = try EndpointProbe(client, name: name, rounds: rounds).run()
        if output.json {
            try Output.json(Shape(client, key, report))
        } else {
            print(client, key, report)
        }
        if !report.unmet.isEmpty { throw ExitStatus.no }
    }

    private static let titleWidth = 23

    private func print(_ client: ObjectStorageClient, _ key: AccessKey, _ report: EndpointReport) {
        Self.line("blobs", "\(client.location)")
        Self.line("endpoint", "\(client.endpoint), region \(client.region)")
        Self.line("key", "\(key)")
        for check in report.checks {
            let result = "\(check.result.rawValue), " as Message
            Self.line(check.name.rawValue, result + Message(message: check.detail))
        }
        let unmet = report.unmet.map(\.name.rawValue)
        Output.line(
            unmet.isEmpty
                ? "Blobs can be kept here."
                : "Blobs can't be kept here: the answer must be yes for \(unmet.joined(separator: ", "))."
        )
    }

    private static func line(_ title: String, _ text: Message) {
        Output.line("\(title)" + Message(verbatim: String(repeating: " ", count: titleWidth - title.count)) + text)
    }

    /// `bindery doctor --json` (docs/cli.md).
    private struct Shape: Encodable {
        struct Check: Encodable {
            let name: String
            let required: Bool
            let result: String
            let detail: String
        }

        struct Key: Encodable {
            let identifier: String
            let source: String
        }

        let blobs: String
        let endpoint: String
        let region: String
        let key: Key
        let usable: Bool
        let checks: [Check]

        init(_ client: ObjectStorageClient, _ key: AccessKey, _ report: EndpointReport) {
            blobs = "\(client.location)"
            endpoint = client.endpoint
            region = client.region
            self.key = Key(identifier: key.identifier, source: key.source)
            usable = report.unmet.isEmpty
            checks = report.checks.map { check in
                Check(
                    name: check.name.rawValue,
                    required: check.name.isRequired,
                    result: check.result.rawValue,
                    detail: check.detail
                )
            }
        }
    }
}
