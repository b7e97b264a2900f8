import ArgumentParser
import ArtifactStore
import ContentAddress
import Glibc
import ImageAuditor
import OCI
import Printable
import Release
import SystemIO

struct VerifierCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifier",
        abstract: "Tells containerd whether an image may be pulled (its image verifier plug-in calls this).",
        discussion: """
            It is allowed when its recorded audit, evaluated against what the store holds now, is exact or contains, and
            meets the policy. A record counts for the platforms that were read, and only by the present rules; an index
            needs all of its platforms. The first line of output is the reason, the status 0 or another one. Without options it
            may be called as containerd does, by a symbolic link in its bin_dir; with them by a script there.

            Examples:
              bindery verifier -name registry.example/agent:1 -digest sha256:2c26b46b68ff…
              bindery verifier --exact --only 'registry.example/*' -name agent:1 -digest sha256:2c26b46b68ff…
            """
    )

    @Option(name: .customLong("name", withSingleDash: true), help: "The image's reference; containerd gives it.")
    var name: String

    @Option(name: .customLong("digest", withSingleDash: true), help: "The image's digest; containerd gives it.")
    var digest: String

    @Option(
        name: .customLong("stdin-media-type", withSingleDash: true),
        help: "What standard input has: the image's descriptor; containerd gives it."
    )
    var mediaType: String?

    @Option(
        name: .customLong("operation", withSingleDash: true),
        help: "What the image is wanted for, pull or run; containerd gives it."
    )
    var operation: String?

    @Option(
        help: ArgumentHelp(
            "Evaluate only images whose reference matches, and allow others; * is any text. May be given several times.",
            valueName: "pattern"
        )
    )
    var only: [String] = []

    @Flag(help: "Allow only the verdict exact.")
    var exact = false

    @Option(help: ArgumentHelp("Hold images to a policy file.", valueName: "file"), completion: .file())
    var policy: String?

    @Option(
        help: ArgumentHelp(
            "Accept records of audits by this version of the rules, and later ones, until `bindery reaudit --stale` has run.",
            valueName: "version"
        )
    )
    var acceptRules: Int?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        guard let acceptRules, !(1...AuditRules.current).contains(acceptRules) else { return }
        throw ValidationError("--accept-rules is from 1 to \(AuditRules.current)")
    }

    func run() throws {
        let answer: GateAnswer
        do {
            answer = try evaluate()
        } catch {
            // Who asks reads standard output only; what can't be told is a no.
            let lines = printableMessage("\(error)").split(separator: "\n")
            let reason = "no answer: " + lines.joined(separator: "; ")
            if options.json {
                try Output.json(Shape(isAllowed: false, reason: reason))
            } else {
                Output.line("\(message: reason)")
            }
            throw error
        }
        if options.json {
            try Output.json(Shape(isAllowed: answer.isAllowed, reason: answer.reason))
        } else {
            Output.line("\(answer.reason)")
        }
        if !answer.isAllowed { throw ExitStatus.no }
    }

    private struct Shape: Encodable {
        let isAllowed: Bool
        let reason: String
    }

    private func evaluate() throws -> GateAnswer {
        let digest = try Digest(parsing: digest)
        try VerifierInput.check(digest, mediaType: mediaType)
        // A pattern may be written as people write Docker Hub's names, containerd gives them in full.
        let spellings = [name] + ((try? ImageReference(parsing: name))?.lookups.map(\.tagged) ?? [])
        guard only.isEmpty || only.contains(where: { spellings.contains(where: Glob($0).matches) }) else {
            return GateAnswer(isAllowed: true, reason: "not evaluated: \(name) matches no --only")
        }
        let store = try options.openForReading()
        let rules = try (policy ?? Project.current?.policy).map { try PolicyFile.read($0).policy }
        return try PullGate(store: store, policy: rules, isExact: exact, acceptedRules: acceptRules).evaluate(digest)
    }

    /// Whether a command line is containerd's, of a program without a command.
    static func isCalled(_ arguments: some Collection<String>) -> Bool {
        ["-name", "-digest", "-stdin-media-type", "-operation"].contains(arguments.first)
    }
}

/// What containerd writes to a verifier's standard input (containerd, docs/image-verification.md).
private enum VerifierInput {
    private static let descriptor = "application/vnd.oci.descriptor.v1+json"
    /// No descriptor is larger.
    private static let largestSize = 1 << 20

    /// Compares the descriptor's digest with the one of the command line; other payloads are passed over.
    static func check(_ digest: Digest, mediaType: String?) throws {
        guard mediaType == descriptor else { return }
        let bytes = try read()
        guard case .object(let members)? = try? JSONValue(parsing: bytes),
            case .string(let text)? = members["digest"]
        else { throw UsageError(description: "standard input has no descriptor") }
        guard text == digest.description else {
            throw UsageError(description: "standard input describes \(text), -digest says \(digest)")
        }
    }

    private static func read() throws -> [UInt8] {
        let bytes = try StandardStream.input().readBytes(limit: largestSize + 1)
        guard bytes.count <= largestSize else {
            throw UsageError(description: "standard input is too large for a descriptor")
        }
        return bytes
    }
}
