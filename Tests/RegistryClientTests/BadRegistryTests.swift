import HTTPTestSupport
import ImageTransport
import ImageTransportContract
import NIOHTTP1
import RegistryClient
import TestSupport
import Testing

/// One row for each habit of a registry: the image gets there, back, and on to another repository, or one clear error
/// says why not, after a bounded number of requests.
@Suite struct BadRegistryTests {
    private static let size = 5 << 20

    /// What a push says in place of success.
    private static let failures: [BadRegistry.Habit: [String]] = [
        .forgetsEveryUpload: ["refuses", "status 404"], .takesTenBytes: ["takes no more of its bytes"],
        .forbids: ["forbidden", "DENIED: this repository is read only"], .isFull: ["status 413", "the quota is spent"],
    ]

    /// How often the large blob is sent at most, where not once: the forms that are refused, and what was cut.
    private static let waste: [BadRegistry.Habit: Int] = [
        .takesNoPatchWithoutRange: 1, .takesNoPatch: 1, .takesOnlyPieces: 2, .refusesLargeBodies: 2,
        .refusesBodiesOverAMegabyte: 3,
        .wantsLargePieces: 2, .takesTwoMegabytes: 3, .isBusyAtFirst: 3, .failsOnLargeBodies: 3, .losesLargeBodies: 3,
        .refusesLargePieces: 3,
    ]

    private func withImage(_ body: (any ImageSource) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            var image = TestImage { $0.file("small", "small") }
            image.layer { $0.file("large", Fixture.noise(Self.size, seed: 7)) }
            try TestImage.write([image], layout: directory)
            try body(ImageSources.open(.layout(path: directory, tag: nil)))
        }
    }

    @Test(arguments: BadRegistry.Habit.allCases)
    func endsInTheImageOrInOneError(_ habit: BadRegistry.Habit) throws {
        let registry = BadRegistry(habit)
        try withImage { source in
            try FakeServer.run({ registry.answer($0) }) { server in
                func copy(_ source: any ImageSource, to name: String) throws {
                    let destination = try Fixture.images().destination("\(server.host)/\(name)", name: nil)
                    try ImageCopy.run(from: source, to: destination)
                }
                if let words = Self.failures[habit] {
                    let error = #expect(throws: TransportError.self) { try copy(source, to: "first:1") }
                    for word in words {
                        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
                    }
                    #expect(error?.description.contains("login") == false)
                    #expect(server.requests.count < 100)
                    #expect(registry.manifest("first", "1") == nil)
                    return
                }
                try copy(source, to: "first:1")
                #expect(server.sentBytes < Self.size * ((Self.waste[habit] ?? 0) + 1) + 200_000, "push")
                try copy(source, to: "first:2")
                let pulled = try Fixture.images().source("\(server.host)/first:2")
                #expect(try ImageSourceContract.check(pulled) == ImageSourceContract.check(source))
                try copy(pulled, to: "second:1")
                #expect(registry.manifest("second", "1") == registry.manifest("first", "1"))
                #expect(registry.blobs("second") == registry.blobs("first"))
                #expect(server.requests.count < 200)
                try knows(habit, server)
            }
        }
    }

    // What is there already isn't sent again, however HEAD is answered, as long as it is answered.
    private func knows(_ habit: BadRegistry.Habit, _ server: FakeServer) throws {
        let heads = server.requests.filter { $0.method == .HEAD }
        #expect(!heads.isEmpty)
        guard habit == .headIsRedirectedToGet || habit == .none else { return }
        let large = server.requests.filter { $0.body.count >= Self.size }
        #expect(large.count == 1)
    }
}
