// Lucene's side of the comparison: started as a source file, with Lucene's jars on the class path.
//
//   java --add-modules jdk.incubator.vector -cp JARS Lucene.java WORK SECONDS

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.mlt.MoreLikeThis;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.TotalHitCountCollector;
import org.apache.lucene.search.grouping.AllGroupsCollector;
import org.apache.lucene.search.grouping.BlockGroupingCollectorManager;
import org.apache.lucene.search.grouping.FirstPassGroupingCollector;
import org.apache.lucene.search.grouping.GroupDocs;
import org.apache.lucene.search.grouping.SearchGroup;
import org.apache.lucene.search.grouping.TermGroupFacetCollector;
import org.apache.lucene.search.grouping.TermGroupSelector;
import org.apache.lucene.search.grouping.TopGroups;
import org.apache.lucene.search.grouping.TopGroupsCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

// A collector of its own is what one thread searches with.
@SuppressWarnings("deprecation")
public final class Lucene {
    static final int FIRST = 10;
    static final int FEW_TERMS = 25;
    static final String[] FACETS = {"category", "severity"};

    /** A question: what is left out, its terms by weight, its source's tokens. */
    record Asked(String id, String[] leftOut, String[] terms, String source) {}

    /** An answer: the first clauses, and what was counted (-1 where nothing was). */
    static final class Answer {
        int[] documents = {};
        int clauses = -1;
        int platforms = -1;
        final Map<String, TreeMap<String, int[]>> facets = new TreeMap<>();
    }

    interface Way {
        Answer ask(Asked asked) throws IOException;
    }

    /** Clauses by value of a field. The index has one segment, so that ordinals are of the whole. */
    static final class ValueCounter extends SimpleCollector {
        private final String field;
        private SortedSetDocValues values;
        private int[] counts = {};

        ValueCounter(String field) {
            this.field = field;
        }

        @Override
        protected void doSetNextReader(LeafReaderContext context) throws IOException {
            values = DocValues.getSortedSet(context.reader(), field);
            counts = new int[(int) values.getValueCount()];
        }

        @Override
        public void collect(int document) throws IOException {
            if (values.advanceExact(document)) {
                for (int i = values.docValueCount(); i > 0; i--) {
                    counts[(int) values.nextOrd()]++;
                }
            }
        }

        @Override
        public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
        }
    }

    private final Path work;
    private final double seconds;
    private final Map<String, List<BytesRef>> filters = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private IndexSearcher searcher;
    private MoreLikeThis moreLikeThis;

    Lucene(Path work, double seconds) {
        this.work = work;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException {
        Lucene lucene = new Lucene(Path.of(arguments[0]), Double.parseDouble(arguments[1]));
        lucene.readQuestions();
        Path index = lucene.work.resolve("lucene");
        if (!Files.exists(index.resolve("complete"))) {
            long begin = System.nanoTime();
            lucene.writeIndex(index);
            Files.writeString(index.resolve("complete"), "");
            System.err.printf("lucene: indexed in %.1f s%n", (System.nanoTime() - begin) / 1e9);
        }
        try (IndexReader reader = DirectoryReader.open(new MMapDirectory(index))) {
            if (reader.leaves().size() != 1) {
                throw new IllegalStateException("the index has more than one segment");
            }
            lucene.measureAll(reader);
        }
    }

    private void readQuestions() throws IOException {
        for (String line : Files.readAllLines(work.resolve("settings.tsv"))) {
            String[] parts = line.split("\t", -1);
            filters.put(parts[0], Arrays.stream(parts[1].split(" ")).map(BytesRef::new).toList());
        }
        for (String line : Files.readAllLines(work.resolve("queries.tsv"))) {
            String[] parts = line.split("\t", -1);
            asked.add(new Asked(parts[0], split(parts[1]), split(parts[2]), parts[3]));
        }
    }

    private static String[] split(String joined) {
        return joined.isEmpty() ? new String[0] : joined.split(" ");
    }

    /** All clauses, those of a platform in one block, merged into one segment. */
    private void writeIndex(Path path) throws IOException {
        FieldType terms = new FieldType();
        terms.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        terms.setTokenized(true);
        terms.freeze();
        IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
        config.setRAMBufferSizeMB(256);
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(path), config);
                BufferedReader reader = Files.newBufferedReader(work.resolve("documents.tsv"))) {
            List<Document> block = new ArrayList<>();
            String platform = null;
            for (String line; (line = reader.readLine()) != null; ) {
                String[] parts = line.split("\t", -1);
                if (platform != null && !platform.equals(parts[1])) {
                    writeBlock(writer, block);
                }
                platform = parts[1];
                Document document = new Document();
                document.add(new StoredField("id", parts[0]));
                document.add(new StringField("platform", parts[1], Field.Store.NO));
                document.add(new SortedDocValuesField("platform", new BytesRef(parts[1])));
                document.add(new StringField("severity", parts[2], Field.Store.NO));
                document.add(new SortedSetDocValuesField("severity", new BytesRef(parts[2])));
                for (String category : parts[3].split(" ")) {
                    document.add(new StringField("category", category, Field.Store.NO));
                    document.add(new SortedSetDocValuesField("category", new BytesRef(category)));
                }
                document.add(new Field("terms", parts[4], terms));
                block.add(document);
            }
            writeBlock(writer, block);
            writer.forceMerge(1);
        }
    }

    private static void writeBlock(IndexWriter writer, List<Document> block) throws IOException {
        if (!block.isEmpty()) {
            block.get(block.size() - 1).add(new StringField("last", "yes", Field.Store.NO));
            writer.addDocuments(block);
            block.clear();
        }
    }

    private void measureAll(IndexReader reader) throws IOException {
        searcher = new IndexSearcher(reader);
        moreLikeThis = new MoreLikeThis(reader);
        moreLikeThis.setAnalyzer(new WhitespaceAnalyzer());
        moreLikeThis.setFieldNames(new String[] {"terms"});
        moreLikeThis.setMinTermFreq(1);
        moreLikeThis.setMinDocFreq(2);
        moreLikeThis.setMaxQueryTerms(FEW_TERMS);
        moreLikeThis.setBoost(true);
        Map<String, Way> ways = new java.util.LinkedHashMap<>();
        ways.put("plain-25", one -> plain(anyOf(one, FEW_TERMS)));
        ways.put("plain-all", one -> plain(anyOf(one, Integer.MAX_VALUE)));
        ways.put("plain-mlt", one -> plain(like(one)));
        ways.put("grouped-25", one -> grouped(anyOf(one, FEW_TERMS), one));
        if (filters.get("contiguous").equals(List.of(new BytesRef("yes")))) {
            ways.put("block-25", one -> blockGrouped(anyOf(one, FEW_TERMS), one));
        }
        ways.put("full-25", one -> full(anyOf(one, FEW_TERMS), one, false));
        ways.put("full-all", one -> full(anyOf(one, Integer.MAX_VALUE), one, false));
        ways.put("full-mlt", one -> full(like(one), one, false));
        ways.put("filtered-25", one -> full(anyOf(one, FEW_TERMS), one, true));
        ways.put("filtered-all", one -> full(anyOf(one, Integer.MAX_VALUE), one, true));
        try (PrintWriter times = new PrintWriter(work.resolve("lucene.times.tsv").toFile());
                PrintWriter answers = new PrintWriter(work.resolve("lucene.answers.tsv").toFile())) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                measure(way.getKey(), way.getValue(), times, answers);
            }
        }
    }

    /** The protocol of `timing.rs`: a first pass that warms and limits, then passes until time is up. */
    private void measure(String mode, Way way, PrintWriter times, PrintWriter answers) throws IOException {
        // What the compiler has not seen yet would say how many questions fit.
        long warming = System.nanoTime();
        for (int i = 0; since(warming) < seconds / 4; i++) {
            way.ask(asked.get(i % asked.size()));
        }
        long begin = System.nanoTime();
        double[] first = new double[asked.size()];
        int count = 0;
        while (count < asked.size() && (seconds == 0 || count < 5 || since(begin) < seconds / 3)) {
            long start = System.nanoTime();
            Answer answer = way.ask(asked.get(count));
            first[count] = (System.nanoTime() - start) / 1e6;
            tell(mode, asked.get(count), answer, answers);
            count++;
        }
        double[] best = Arrays.copyOf(first, count);
        Arrays.sort(best);
        int passes = 1;
        while (since(begin) < seconds) {
            double[] pass = new double[count];
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                way.ask(asked.get(i));
                pass[i] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(pass);
            passes++;
            if (pass[count / 2] < best[count / 2]) {
                best = pass;
            }
        }
        times.printf("%s\t%d\t%d", mode, count, passes);
        for (int percent : new int[] {50, 95, 99}) {
            times.printf("\t%.4f", best[Math.min(count * percent / 100, count - 1)]);
        }
        times.println();
        System.err.printf("lucene %s: median %.3f ms (%d queries, %d passes)%n", mode, best[count / 2], count, passes);
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void tell(String mode, Asked one, Answer answer, PrintWriter answers) throws IOException {
        StringBuilder facets = new StringBuilder();
        for (Map.Entry<String, TreeMap<String, int[]>> facet : answer.facets.entrySet()) {
            for (Map.Entry<String, int[]> value : facet.getValue().entrySet()) {
                int[] counts = value.getValue();
                if (counts[0] > 0) {
                    facets.append(facets.isEmpty() ? "" : " ");
                    facets.append(facet.getKey() + ":" + value.getKey() + "=" + counts[0] + "/" + counts[1]);
                }
            }
        }
        StringBuilder ids = new StringBuilder();
        for (int document : answer.documents) {
            ids.append(ids.isEmpty() ? "" : " ").append(searcher.storedFields().document(document).get("id"));
        }
        answers.printf("%s\t%s\t%d\t%d\t%s\t%s%n", mode, one.id, answer.clauses, answer.platforms, facets, ids);
    }

    private static Query anyOf(Asked one, int terms) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (int i = 0; i < Math.min(terms, one.terms.length); i++) {
            any.add(new TermQuery(new Term("terms", one.terms[i])), Occur.SHOULD);
        }
        return any.build();
    }

    private Query like(Asked one) throws IOException {
        return moreLikeThis.like("terms", new StringReader(one.source));
    }

    /** What is searched: any of the terms, the source's platform left out, filters but the lifted one. */
    private Query restrict(Query any, Asked one, boolean filtered, String lifted) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        all.add(any, Occur.MUST);
        for (String platform : one.leftOut) {
            all.add(new TermQuery(new Term("platform", platform)), Occur.MUST_NOT);
        }
        for (String facet : FACETS) {
            if (filtered && !facet.equals(lifted)) {
                all.add(new TermInSetQuery(facet, filters.get(facet)), Occur.FILTER);
            }
        }
        return all.build();
    }

    private Answer plain(Query query) throws IOException {
        Answer answer = new Answer();
        ScoreDoc[] found = searcher.search(query, new TopScoreDocCollectorManager(FIRST, FIRST)).scoreDocs;
        answer.documents = Arrays.stream(found).mapToInt(one -> one.doc).toArray();
        return answer;
    }

    private Answer grouped(Query any, Asked one) throws IOException {
        Query query = restrict(any, one, false, null);
        var first = new FirstPassGroupingCollector<>(new TermGroupSelector("platform"), Sort.RELEVANCE, FIRST);
        searcher.search(query, first);
        Answer answer = new Answer();
        answer.documents = bestOfGroups(query, first.getTopGroups(0));
        return answer;
    }

    private int[] bestOfGroups(Query query, Collection<SearchGroup<BytesRef>> groups) throws IOException {
        if (groups == null) {
            return new int[0];
        }
        var second = new TopGroupsCollector<>(
                new TermGroupSelector("platform"), groups, Sort.RELEVANCE, Sort.RELEVANCE, 1, false);
        searcher.search(query, second);
        return listDocuments(second.getTopGroups(0));
    }

    private static int[] listDocuments(TopGroups<?> groups) {
        return groups == null
                ? new int[0]
                : Arrays.stream(groups.groups).mapToInt((GroupDocs<?> group) -> group.scoreDocs()[0].doc).toArray();
    }

    private Answer blockGrouped(Query any, Asked one) throws IOException {
        Query last = searcher.rewrite(new TermQuery(new Term("last", "yes")));
        var weight = searcher.createWeight(last, ScoreMode.COMPLETE_NO_SCORES, 1);
        var manager = new BlockGroupingCollectorManager<>(Sort.RELEVANCE, 0, FIRST, true, weight, Sort.RELEVANCE, 0, 1);
        Answer answer = new Answer();
        answer.documents = listDocuments((TopGroups<?>) searcher.search(restrict(any, one, false, null), manager));
        return answer;
    }

    /** The best clause of each of ten platforms, exact counts, and facets each without its own filter. */
    private Answer full(Query any, Asked one, boolean filtered) throws IOException {
        Query query = restrict(any, one, filtered, null);
        var first = new FirstPassGroupingCollector<>(new TermGroupSelector("platform"), Sort.RELEVANCE, FIRST);
        var platforms = new AllGroupsCollector<>(new TermGroupSelector("platform"));
        var clauses = new TotalHitCountCollector();
        List<Collector> collectors = new ArrayList<>(List.of(first, platforms, clauses));
        Answer answer = new Answer();
        List<Runnable> counted = new ArrayList<>();
        if (!filtered) {
            for (String facet : FACETS) {
                collectors.addAll(countFacet(facet, answer, counted));
            }
        }
        searcher.search(query, MultiCollector.wrap(collectors));
        answer.documents = bestOfGroups(query, first.getTopGroups(0));
        answer.clauses = clauses.getTotalHits();
        answer.platforms = platforms.getGroupCount();
        if (filtered) {
            for (String facet : FACETS) {
                Query lifted = restrict(any, one, true, facet);
                searcher.search(lifted, MultiCollector.wrap(countFacet(facet, answer, counted)));
            }
        }
        counted.forEach(Runnable::run);
        return answer;
    }

    private List<Collector> countFacet(String facet, Answer answer, List<Runnable> counted) {
        var clauses = new ValueCounter(facet);
        var platforms = TermGroupFacetCollector.createTermGroupFacetCollector("platform", facet, true, null, 128);
        counted.add(() -> {
            try {
                TreeMap<String, int[]> values = new TreeMap<>();
                for (int ord = 0; ord < clauses.counts.length; ord++) {
                    String value = clauses.values.lookupOrd(ord).utf8ToString();
                    values.put(value, new int[] {clauses.counts[ord], 0});
                }
                var grouped = platforms.mergeSegmentResults(clauses.counts.length + 1, 1, false);
                for (var entry : grouped.getFacetEntries(0, clauses.counts.length + 1)) {
                    values.get(entry.value().utf8ToString())[1] = entry.count();
                }
                answer.facets.put(facet, values);
            } catch (IOException error) {
                throw new java.io.UncheckedIOException(error);
            }
        });
        return List.of(clauses, platforms);
    }
}
