/// What came of writers of one key, all of which asked that nothing be there yet.
struct RaceResult {
    private var rounds = 0
    private var winners: [Int] = []
    private var firstDoubt: String?
    private var hasOtherBytes = false
    private let writers: Int

    init(writers: Int) {
        self.writers = writers
    }

    /// Records a round: what each writer was answered, and whose bytes stand there now; nil for nobody's.
    mutating func add(_ answers: [Result<Void, ObjectStorageError>], standing: Int?) {
        rounds += 1
        var won: [Int] = []
        var isCertain = true
        for (writer, answer) in answers.enumerated() {
            switch answer {
            case .success: won.append(writer)
            case .failure(.precondition): break
            case .failure(let error):
                isCertain = false
                firstDoubt = firstDoubt ?? error.brief
            }
        }
        // One that got no answer may have won.
        guard isCertain || won.count > 1 else { return }
        winners.append(won.count)
        if won.count == 1, standing != won[0] { hasOtherBytes = true }
    }

    /// The answer, and what was seen.
    var verdict: (EndpointReport.Result, String) {
        guard !winners.isEmpty else { return (.no, firstDoubt ?? "there was no round") }
        let several = winners.count { $0 > 1 }
        if several == winners.count, winners.allSatisfy({ $0 == writers }) {
            return (.no, "the condition is ignored: all of \(writers) writers succeeded in \(rounds) rounds")
        }
        if several > 0 {
            return (.no, "several of \(writers) writers succeeded in \(several) of \(rounds) rounds")
        }
        if winners.contains(0) {
            return (.no, "no writer succeeded in \(winners.count { $0 == 0 }) of \(rounds) rounds")
        }
        if hasOtherBytes { return (.no, "the bytes of a writer that was refused stand there") }
        return (.yes, "one of \(writers) writers succeeded in each of \(winners.count) rounds")
    }
}
