import Testing

@testable import ImageAuditor

@Suite struct FindingListTests {
    private func list(_ count: Int, _ code: FindingCode) -> FindingList {
        var list = FindingList()
        for number in 0..<count { list.add(Finding(code, "\(number)")) }
        return list
    }

    @Test func aThousandOfAKindAreListedAndOneCountsTheRest() {
        let all = list(2500, .preload).all
        #expect(all.count == 1001)
        #expect(all.prefix(1000).map(\.message) == (0..<1000).map(String.init))
        #expect(all.last?.message == "1500 more like the 1000 that are listed")
        #expect(all.last?.path == nil)
    }

    @Test func whatAListOnlyCountedIsCountedWhereItIsAdded() {
        var other = FindingList()
        other.add(.libraryPath, Finding(.libraryPath, "first"))
        other.add(list(2500, .preload))
        other.add(list(700, .setID))
        other.add(list(700, .setID))
        #expect(other.all.count == 1 + 1001 + 1001)
        #expect(
            other.all.suffix(2).map(\.message).sorted() == [
                "1500 more like the 1000 that are listed", "400 more like the 1000 that are listed",
            ]
        )
    }
}
