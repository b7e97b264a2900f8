import Synchronization
import SystemIO
import Testing

@Suite struct ParallelTests {
    private struct Failure: Error, Equatable {
        let item: Int
    }

    @Test(arguments: [1, 2, 7, 64])
    func valuesAreInTheItemsOrder(width: Int) {
        let items = Array(0..<100)
        #expect(Parallel.map(items, width: width) { $0 * 2 } == items.map { $0 * 2 })
    }

    @Test(arguments: [1, 2, 8])
    func theFirstItemsErrorIsThrownAndNothingNewIsBegun(width: Int) {
        let begun = Mutex(0)
        #expect(throws: Failure(item: 3)) {
            try Parallel.map(Array(0..<10_000), width: width) { item throws(Failure) in
                begun.withLock { $0 += 1 }
                if item >= 3 { throw Failure(item: item) }
            }
        }
        #expect(begun.withLock(\.self) <= 3 + width)
    }

    @Test(arguments: [1, 4])
    func noMoreToolsAreMadeThanThereAreThreads(width: Int) {
        let made = Mutex(0)
        let makeTool = { @Sendable in made.withLock { $0 += 1 } }
        _ = Parallel.map(Array(0..<100), width: width, with: makeTool) { _, item in item }
        #expect((1...width).contains(made.withLock(\.self)))
    }
}
