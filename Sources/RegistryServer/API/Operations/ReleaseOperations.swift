import ArtifactStore
import OCI
import Printable
import Release
import Shapes

/// The operations on releases.
enum ReleaseOperations {
    static let all = [list, show]

    private struct Page: Encodable {
        let releases: [ReleaseShape]
        let next: String?
    }

    private static let list = APIOperation(
        path: "/releases",
        name: "listReleases",
        summary: "Lists releases: by name, then in the order of versions.",
        parameters: [
            .repository("name", "Only the releases of this name."),
            .position("after", "Go on behind this release, or behind all releases of a name."),
            .limit,
        ],
        content: .json("ReleasePage")
    ) { request, context in
        let after = try request["after"].map { text throws(APIProblem) in
            do { return try ReleasePage.Position(parsing: text) } catch { throw .invalid("after", "\(error)") }
        }
        let name = try request["name"].map { try RepositoryName(parsing: $0) }
        let page = try context.store.releasePage(of: name, after: after, limit: request.limit)
        let marks = try context.store.revocationMarks()
        return try Answer(
            json: Page(
                releases: page.releases.map { ReleaseShape($0, marks[$0.key]) },
                next: page.next.map { "\($0)" }
            )
        )
    }

    private static let show = APIOperation(
        path: "/release",
        name: "showRelease",
        summary: "Shows a release with its files, and what was removed of it.",
        parameters: [.release("release", "The release, name@version.", isRequired: true)],
        content: .json("Release")
    ) { request, context in
        let release = try request.release("release")
        let artifacts = try context.store.artifacts(of: release)
        let tombstones = try context.store.tombstones(of: release).filter { stone in
            !artifacts.contains { $0.key == stone.key }
        }
        guard !artifacts.isEmpty || !tombstones.isEmpty else {
            throw APIProblem.unknown("there is no release \(release)")
        }
        return try Answer(
            json: ReleaseDetailShape(
                release,
                artifacts: artifacts,
                tombstones: tombstones,
                revocations: context.store.revocations(of: .release(release))
            )
        )
    }
}
