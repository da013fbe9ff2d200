package chat.parley.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what a configuration key means; on a component of a settings record. CONFIG.md is made of these. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Setting {
  /** One or two sentences for an operator: meaning, unit, what follows when it is exceeded. */
  String value();

  /** The default, as it would be written in the environment; empty: none. */
  String byDefault() default "";

  /** Whether its value is masked wherever it is printed. */
  boolean secret() default false;

  /** The least value, of a number or a duration, written as the value is; empty: the type's own. */
  String min() default "";

  /** The greatest value, of a number or a duration, written as the value is; empty: the type's own. */
  String max() default "";

  /** What a number counts; it follows the range where a value is refused: {@code messages per second; 0 = unlimited}. */
  String unit() default "";
}
