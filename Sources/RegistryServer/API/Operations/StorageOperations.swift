import ArtifactStore
import ContentAddress

/// The operation on what takes space.
enum StorageOperations {
    static let all = [storage]

    private struct Item: Encodable {
        let reason: String?
        let day: String?
        let blobs: Int
        let bytes: Int64
    }

    private static let storage = APIOperation(
        path: "/storage",
        name: "showStorage",
        summary: "Says what blobs take space for, each byte once, or on which day they came.",
        parameters: [
            APIParameter(
                name: "by",
                about: "What is told apart: the reason for which a blob is kept, or the day on which it came.",
                kind: .word(["reason", "day"])
            )
        ],
        content: .json("Storage"),
        // Leases come and go without an event.
        isOfHistory: false
    ) { request, context in
        let items =
            request["by"] == "day"
            ? try context.store.blobGrowth().map {
                Item(reason: nil, day: Day($0.day).text, blobs: $0.blobs, bytes: $0.bytes)
            }
            : try context.store.blobUsage().map {
                Item(reason: $0.reason.rawValue, day: nil, blobs: $0.blobs, bytes: $0.bytes)
            }
        return try Answer(json: ["storage": items])
    }
}
