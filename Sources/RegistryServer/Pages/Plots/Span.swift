/// Days cut into as many pieces as a plot has room for.
struct Span {
    let first: Int64
    /// How many days a piece has.
    let step: Int64
    let count: Int

    /// From the first to the last of some days, which are in order; nil for none.
    init?(_ days: [Int64], most: Int) {
        guard let first = days.first, let last = days.last, last >= first else { return nil }
        let (length, isOver) = last.subtractingReportingOverflow(first)
        guard !isOver, length < 1 << 40 else { return nil }
        self.first = first
        step = length / Int64(most) + 1
        count = Int(length / step) + 1
    }

    /// The piece that a day is in.
    func place(_ day: Int64) -> Int { Int((day - first) / step) }

    /// The first day of a piece.
    func day(_ place: Int) -> Day { Day(first + Int64(place) * step) }
}
