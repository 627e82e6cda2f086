package io.fairlead.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.FurtherDemand;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
  private static final JavaClasses FAIRLEAD =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.fairlead.routing", "io.fairlead.probes", "io.fairlead.gateway");

  @Test
  void routingDecidesWithoutAnyIo() {
    check(
        classes()
            .that()
            .resideInAPackage("io.fairlead.routing..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.fairlead.routing..",
                "java.lang..",
                "java.util..",
                "java.time..",
                "org.HdrHistogram..",
                "org.jspecify.."));
  }

  @Test
  void probesReachTheWorldThroughTheirPortAlone() {
    check(
        classes()
            .that()
            .resideInAPackage("io.fairlead.probes..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.fairlead.probes..",
                "io.fairlead.routing..",
                "java.lang..",
                "java.util..",
                "java.time..",
                "java.io..",
                "java.nio.charset..",
                "com.fasterxml.jackson.core..",
                "org.jspecify.."));
  }

  @Test
  void prometheusStaysInMetrics() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("..metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus.."));
  }

  @Test
  void grpcStaysInAdminAndItsClient() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("..gateway.admin..", "..gateway.cli.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "io.fairlead.admin.."));
  }

  @Test
  void configurationKnowsNoNetwork() {
    check(
        noClasses()
            .that()
            .resideInAPackage("..gateway.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.grpc.."));
  }

  @Test
  void packagesOfTheGatewayFormNoCycle() {
    check(slices().matching("io.fairlead.gateway.(*)..").should().beFreeOfCycles());
  }

  @Test
  void packagesOfRoutingFormNoCycle() {
    check(slices().matching("io.fairlead.routing.(*)..").should().beFreeOfCycles());
  }

  @Test
  void onlyTheWiringKnowsTheWholeGateway() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "..gateway.app..", "..gateway.cli..", "..gateway.demo..", "..gateway.live..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..gateway.app.."));
  }

  @Test
  void nothingStaticChanges() {
    check(classes().should(haveNoMutableStatics()));
  }

  @Test
  void noRecordHoldsABuffer() {
    check(classes().that().areRecords().should(haveNoBufferComponent()));
  }

  @Test
  void whateverWrapsADemandPassesAllOfItOn() {
    check(
        classes()
            .that()
            .implement(Demand.class)
            .and()
            .areNotAssignableTo(FurtherDemand.class)
            .should(wrapNoDemand()));
  }

  private static void check(ArchRule rule) {
    rule.check(FAIRLEAD);
  }

  private static ArchCondition<JavaClass> haveNoMutableStatics() {
    return new ArchCondition<>("have no static field that is not final") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaField field : type.getFields()) {
          boolean isStatic = field.getModifiers().contains(JavaModifier.STATIC);
          boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
          boolean isOurs = !field.getModifiers().contains(JavaModifier.SYNTHETIC);
          if (isStatic && !isFinal && isOurs) {
            events.add(SimpleConditionEvent.violated(field, field.getFullName() + " may change"));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> wrapNoDemand() {
    return new ArchCondition<>("hold no other demand, which FurtherDemand is for") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaField field : type.getFields()) {
          boolean isStatic = field.getModifiers().contains(JavaModifier.STATIC);
          if (!isStatic && field.getRawType().isAssignableTo(Demand.class)) {
            events.add(SimpleConditionEvent.violated(field, field.getFullName()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> haveNoBufferComponent() {
    return new ArchCondition<>("have no ByteBuf among their components") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaField field : type.getFields()) {
          if (field.getRawType().getName().equals("io.netty.buffer.ByteBuf")
              && !field.getModifiers().contains(JavaModifier.STATIC)) {
            events.add(SimpleConditionEvent.violated(field, field.getFullName()));
          }
        }
      }
    };
  }
}
