import ArtifactStore
import ContentAddress
import Dockerfile
import Glibc
import ImageAssembler
import JSON
import OCI
import Release
import SystemIO

/// What a call costs inside the process, without the program's start: `make bench` prints it beside the rest.
///
///     timing lookup STORE N@V PLATFORM
///     timing build STORE N@V DOCKERFILE
///     timing where STORE N@V DIGEST
///     timing prove STORE N@V EVENT
///     timing scan|decode|document FILE
///
/// Prints the median of many calls in microseconds; of a manifest's reading, by the processor's time.
@main
struct Timing {
    static func main() throws {
        let arguments = Array(Swift.CommandLine.arguments.dropFirst())
        if arguments.count == 2 { return try readDocument(arguments[1], part: arguments[0]) }
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
        case "prove":
            guard let event = Int64(arguments[3]) else { throw Usage() }
            try report(1000) {
                guard try !store.logProof(ofEvent: event).path.isEmpty else { throw Usage() }
            }
        default:
            throw Usage()
        }
    }

    // From the bytes of a manifest to its value: the scan with what readers differ in, the typed view, or both.
    private static func readDocument(_ path: String, part: String) throws {
        let bytes = try File.open(path).readBytes(limit: 4 << 20)
        let document = try JSONDocument(bytes)
        let kind = DocumentKind.manifest
        try report(50, of: CLOCK_THREAD_CPUTIME_ID) {
            switch part {
            case "scan":
                guard try JSONDocument(bytes).ambiguities(as: kind.shape).isEmpty else { throw Usage() }
            case "decode":
                guard try !document.value.decode(ImageManifest.self).layers.isEmpty else { throw Usage() }
            case "document":
                let manifest = try DocumentReading<ImageManifest>.decode(bytes, as: kind, what: path)
                guard !manifest.layers.isEmpty else { throw Usage() }
            default: throw Usage()
            }
        }
    }

    private static func report(
        _ count: Int,
        of clock: clockid_t = CLOCK_MONOTONIC,
        _ call: () throws -> Void
    ) throws {
        let times = try (0..<count).map { _ in
            let start = nanoseconds(of: clock)
            try call()
            return nanoseconds(of: clock) - start
        }.sorted()
        print(Double(times[count / 2]) / 1000)
    }

    private static func nanoseconds(of clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private struct Usage: Error, CustomStringConvertible {
        let description =
            "timing lookup|build|where|prove STORE N@V PLATFORM|DOCKERFILE|DIGEST|EVENT, of what is in the store; "
            + "timing scan|decode|document FILE"
    }
}
