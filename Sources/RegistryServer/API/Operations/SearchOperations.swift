import ArtifactStore
import ContentAddress
import OCI
import Release

/// The operation that looks for what people write.
enum SearchOperations {
    static let all = [search]

    private struct Result: Encodable {
        let digests: [Digest]
        let names: [RepositoryName]
        let releases: [ReleaseKey]
        let images: [String]
        let files: [ArtifactKey]
        let programs: [Digest]

        init(_ result: SearchResult) {
            digests = result.digests
            names = result.names
            releases = result.releases
            images = result.images
            files = result.files
            programs = result.programs
        }
    }

    private static let search = APIOperation(
        path: "/search",
        name: "search",
        summary: """
            Looks for a digest or 7 of its digits, names and versions of releases, names of images, paths of released files, \
            and names of programs in audited images.
            """,
        parameters: [.words("q", "The text to look for.", example: "2c26b46", isRequired: true), .limit],
        content: .json("SearchResult")
    ) { request, context in
        try Answer(json: Result(context.store.search(request["q"] ?? "", limit: request.limit)))
    }
}
