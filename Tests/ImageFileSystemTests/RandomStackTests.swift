import Testing

/// Random layers, read by the tree and by a slow and plain model.
@Suite struct RandomStackTests {
    @Test(arguments: 0..<8) func agreesWithThePlainModel(part: Int) throws {
        var disagreements: [String] = []
        var plain = 0
        for seed in 0..<500 {
            var generator = StackGenerator(seed: UInt64(part * 1_000_000 + seed))
            let layers = generator.stack()
            let model = PlainModel(layers)
            let reading = try Reading(layers)
            if model.notes.isEmpty { plain += 1 }
            let isSame =
                model.notes.isEmpty != reading.isAmbiguous
                && (!model.notes.isEmpty || model.shown == reading.seen)
            guard !isSame else { continue }
            let text = layers.enumerated().map { number, items in
                "layer \(number): " + items.map(\.description).joined(separator: "; ")
            }
            disagreements.append(
                text.joined(separator: "\n")
                    + "\nmodel: \(model.notes.prefix(3))\ntree: \(reading.differences.prefix(3))"
            )
        }
        #expect(disagreements.isEmpty, "\(disagreements.count): \(disagreements.min { $0.count < $1.count } ?? "")")
        // Both answers must occur often.
        #expect(plain > 50 && plain < 450, "\(plain)")
    }
}
