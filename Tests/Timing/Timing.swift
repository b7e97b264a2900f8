import ArtifactStore
import ContentAddress
import Dockerfile
import ImageAssembler
import OCI
import Release
import SystemIO

/// What a call costs inside the process, without the program's start: `make bench` prints it beside the rest.
///
///     timing lookup STORE N@V PLATFORM
///     timing build STORE N@V DOCKERFILE
///     timing where STORE N@V DIGEST
///     timing document FILE
///
/// Prints the median of many calls in microseconds.
@main
struct Timing {
    static func main() throws {
        let arguments = Array(Swift.CommandLine.arguments.dropFirst())
        if arguments.count == 2, arguments[0] == "document" { return try readDocument(arguments[1]) }
        guard arguments.count == 4 else { throw Usage() }
        let options = StoreOptions(actor: "timing", now: { Timestamp(milliseconds: 0) })
        let store = try Store(at: arguments[1], options: options)
        let release = try ReleaseKey(parsing: arguments[2])
        switch arguments[0] {
        case "lookup":
            let key = ArtifactKey(
                name: release.name,
                version: release.version,
                platform: try ArtifactPlatform(parsing: arguments[3])
            )
            try report(10_000) {
                guard try store.artifact(key) != nil else { throw Usage() }
            }
        case "build":
            try report(200) {
                let artifacts = try store.artifacts(of: release)
                let text = try File.open(arguments[3]).readBytes(limit: Dockerfile.maximumSize)
                let naming = try NamingTemplate(parsing: NamingTemplate.standard)
                let plan = try ContextPlan(
                    releases: [release: artifacts],
                    dockerfile: text,
                    path: arguments[3],
                    options: ContextPlan.Options(naming: naming)
                )
                var options = ImageBuilder.Options()
                options.references = [try ImageReference(parsing: "agent:1")]
                _ = try ImageBuilder(store: store).build(plan, path: arguments[3], options: options)
            }
        case "where":
            let digest = try Digest(parsing: arguments[3])
            try report(1000) {
                guard try !store.images(holding: [digest]).isEmpty else { throw Usage() }
            }
        default:
            throw Usage()
        }
    }

    // From the bytes of a manifest to its value: the scan, what readers differ in, and the typed view.
    private static func readDocument(_ path: String) throws {
        let bytes = try File.open(path).readBytes(limit: 4 << 20)
        try report(50) {
            let manifest = try DocumentReading<ImageManifest>.decode(bytes, as: .manifest, what: path)
            guard !manifest.layers.isEmpty else { throw Usage() }
        }
    }

    private static func report(_ count: Int, _ call: () throws -> Void) throws {
        let clock = ContinuousClock()
        let times = try (0..<count).map { _ in try clock.measure(call) }.sorted()
        print(times[count / 2] / .microseconds(1))
    }

    private struct Usage: Error, CustomStringConvertible {
        let description =
            "timing lookup|build|where STORE N@V PLATFORM|DOCKERFILE|DIGEST, of what is in the store; timing document FILE"
    }
}
