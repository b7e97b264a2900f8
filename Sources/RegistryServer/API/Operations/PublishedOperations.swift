import ArtifactStore
import Shapes

/// The operation on places that releases and images were published to.
enum PublishedOperations {
    static let all = [list]

    private static let list = APIOperation(
        path: "/published",
        name: "listPublishedPlaces",
        summary: "Lists the places that releases and images were published to, with what the last look found there.",
        parameters: [.words("subject", "Only this release, name@version, or image.", example: "agent@1.2.3")],
        content: .json("PublishedPlaces"),
        // A look is not an event.
        isOfHistory: false
    ) { request, context in
        let places = try context.store.publishedPlaces(of: request["subject"])
        return try Answer(json: ["places": places.map { PublishedPlaceShape($0) }])
    }
}
