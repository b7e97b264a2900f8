import OCI
import Release

/// Something that the API takes a content for: a path, its parameters, and what is answered.
///
/// The OpenAPI document is written from the same values that requests are checked by.
struct APIUpload: Sendable {
    enum Method: String, Sendable {
        case put, post
    }

    let method: Method
    /// The path behind `/api/v1`, with `{name}` for a parameter.
    let path: String
    /// The operation's name in clients that are generated.
    let name: String
    let summary: String
    let parameters: [APIParameter]
    /// Whether a request without a content is refused, and isn't one with an empty file.
    let needsContent: Bool
    /// The schema of ``APISchemas`` of an answer.
    let schema: String
    /// The statuses of answers that are not errors, with what they say.
    let answers: KeyValuePairs<Int, String>
    /// The statuses of refusals that other operations don't have, with what they say.
    let refusals: KeyValuePairs<Int, String>

    /// The parameters that a path has; nil for a path that is another one's.
    func match(_ path: ArraySlice<String>) -> [String: String]? { APIOperation.match(path, self.path) }

    /// What is taken where pushes are, and where files are looked at.
    static func all(takesPushes: Bool, identifies: Bool) -> [APIUpload] {
        (takesPushes ? [putArtifact] : []) + (identifies ? [identify] : [])
    }

    /// Says what a file is.
    static let identify = APIUpload(
        method: .post,
        path: "/identify",
        name: "identifyFile",
        summary: "Says what a file, an archive or an image is: by digest, then by similarity. Nothing of it is kept.",
        parameters: [.words("name", "What the file is called.", example: "agent")],
        needsContent: false,
        schema: "Identification",
        answers: [200: "What it is."],
        refusals: [
            401: "It takes a login.", 403: "The caller may not, or it is a page of another site.",
            413: "The file is too large, or looking into it takes too long.",
        ]
    )

    /// Puts a file into a release.
    static let putArtifact = APIUpload(
        method: .put,
        path: "/artifacts/{digest}",
        name: "putArtifact",
        summary: "Puts a file into a release; what it is called and for which platform stays as it is for ever.",
        parameters: [
            .digest, .release("release", "The release.", isRequired: true),
            APIParameter(
                name: "platform",
                about: "The platform; by default the one that the file, an ELF program, says it is for.",
                kind: .text(
                    pattern: "^(any|[a-z0-9]+\\/[a-z0-9_]+(\\/[a-z0-9.]+)?)$",
                    example: "linux/amd64",
                    largest: 64
                ) { (try? ArtifactPlatform(parsing: $0)) != nil }
            ),
            APIParameter(
                name: "file",
                about: "Where the file is in the release; by default it is the release's program.",
                kind: .text(pattern: "^[^\\u0000-\\u001f\\u007f]+$", example: "bin/tool", largest: 512) {
                    (try? ReleasePath(parsing: $0)) != nil
                }
            ),
        ],
        needsContent: true,
        schema: "ReleasedFile",
        answers: [201: "The file is released.", 200: "It was released before, with the same bytes."],
        refusals: [
            401: "It takes a login.", 403: "The caller may not, or there is no room.",
            405: "Nothing is taken: the server runs without --allow-push.",
            409: "The release has other bytes there, is sealed, or takes what is signed alone.",
        ]
    )
}
