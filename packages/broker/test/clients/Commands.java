// Runs Kafka's command-line tools in one JVM. A line of input has a tool's class and its arguments. After the tool's output comes a
// line with a dot.
import java.io.*;

public class Commands {
    public static void main(String[] args) throws Exception {
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            var words = line.split(" ", 2);
            Class.forName(words[0]).getMethod("main", String[].class)
                .invoke(null, (Object) words[1].split(" "));
            System.out.println("\n.");
        }
    }
}
